//! By which names may the server be called, and pages of which origin may ask? A page that made a name of its own lead here has
//! neither.

use std::net::IpAddr;

use hyper::header::{self, HeaderMap, HeaderValue};
use hyper::http::uri::Authority;

use crate::mcp::Listen;
use crate::{Code, Error, Result};

/// This machine, as pages on it and their addresses have it.
const OWN: [&str; 3] = ["localhost", "127.0.0.1", "::1"];

/// Of a name that is refused, this much is said.
const SHOWN: usize = 200;

/// A name or an address in its usual form, and the port where one is said.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Name {
    host: String,
    port: Option<u16>,
}

/// What a browser says of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Origin {
    scheme: String,
    host: String,
    port: u16,
}

/// Who is known.
pub struct Names {
    hosts: Vec<Name>,
    /// An address leads here without a name that somebody could have changed; where the server listens at all of this
    /// machine's, any may be one.
    every_address: bool,
    origins: Vec<Origin>,
}

/// Why a request is not heard.
#[derive(Debug)]
pub enum Stranger {
    /// It does not say whom it asks.
    Nameless,
    /// It asks somebody else, or its page may not ask.
    Unknown(String),
}

impl Name {
    fn read(text: &str) -> Option<Name> {
        let authority: Authority = text.parse().ok()?;
        let host = authority.host();
        let port = match text.strip_prefix(host)? {
            "" => None,
            port => Some(port.strip_prefix(':').filter(|port| port.bytes().all(|b| b.is_ascii_digit()))?.parse().ok()?),
        };
        (!host.is_empty()).then(|| Name { host: usual(host), port })
    }

    fn is_address(&self) -> bool {
        self.host.parse::<IpAddr>().is_ok()
    }
}

impl Origin {
    fn read(text: &str) -> Option<Origin> {
        let (scheme, name) = text.split_once("://")?;
        let scheme = scheme.to_ascii_lowercase();
        let port = match scheme.as_str() {
            "http" => 80,
            "https" => 443,
            _ => return None,
        };
        let Name { host, port: said } = Name::read(name)?;
        Some(Origin { scheme, host, port: said.unwrap_or(port) })
    }
}

impl Names {
    pub fn of(listen: &Listen) -> Result<Names> {
        let address = listen.address.ip();
        let own = OWN.map(str::to_owned).into_iter().chain([address.to_string()]);
        let own = own.map(|host| Ok(Name { host, port: None }));
        let named = listen.hosts.iter().map(|name| read_host(name));
        Ok(Names {
            hosts: own.chain(named).collect::<Result<_>>()?,
            every_address: address.is_unspecified(),
            origins: listen.origins.iter().map(|origin| read_origin(origin)).collect::<Result<_>>()?,
        })
    }

    /// Whether a request asks this server, from a page that may.
    pub fn check(&self, headers: &HeaderMap) -> std::result::Result<(), Stranger> {
        let mut hosts = headers.get_all(header::HOST).iter();
        let (Some(host), None) = (hosts.next(), hosts.next()) else { return Err(Stranger::Nameless) };
        let name = host.to_str().ok().and_then(Name::read).ok_or(Stranger::Nameless)?;
        if !self.knows(&name) {
            let said = shown(host);
            return Err(Stranger::Unknown(format!(
                "this server does not answer to the name `{said}`; if it is its own, start it with --allow-host {said}"
            )));
        }
        headers.get_all(header::ORIGIN).iter().try_for_each(|origin| self.check_origin(origin))
    }

    fn check_origin(&self, said: &HeaderValue) -> std::result::Result<(), Stranger> {
        let origin = said.to_str().ok().and_then(Origin::read);
        if origin.is_some_and(|origin| OWN.contains(&origin.host.as_str()) || self.origins.contains(&origin)) {
            return Ok(());
        }
        let said = shown(said);
        Err(Stranger::Unknown(format!(
            "pages of `{said}` may not ask this server; to let them, start it with --allow-origin {said}"
        )))
    }

    fn knows(&self, name: &Name) -> bool {
        let is_one = |own: &Name| own.host == name.host && own.port.is_none_or(|port| name.port == Some(port));
        self.every_address && name.is_address() || self.hosts.iter().any(is_one)
    }
}

fn read_host(text: &str) -> Result<Name> {
    let address = text.parse::<IpAddr>().ok().map(|address| Name { host: address.to_string(), port: None });
    address.or_else(|| Name::read(text)).ok_or_else(|| {
        Error::new(Code::InvalidArgument, "unusable name")
            .at("--allow-host")
            .expected("a name or an address, and perhaps a port, such as skills.example.org")
            .got(format!("`{}`", text.escape_debug()))
    })
}

fn read_origin(text: &str) -> Result<Origin> {
    Origin::read(text).ok_or_else(|| {
        Error::new(Code::InvalidArgument, "unusable origin")
            .at("--allow-origin")
            .expected("http or https, a name and perhaps a port, such as https://example.org")
            .got(format!("`{}`", text.escape_debug()))
    })
}

/// An address as it is usually written, a name in small letters.
fn usual(host: &str) -> String {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    bare.parse::<IpAddr>().map_or_else(|_| host.to_ascii_lowercase(), |address| address.to_string())
}

fn shown(value: &HeaderValue) -> String {
    let text: String = String::from_utf8_lossy(value.as_bytes()).chars().take(SHOWN).collect();
    text.escape_debug().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(address: &str, hosts: &[&str], origins: &[&str]) -> Result<Names> {
        let own = |all: &[&str]| all.iter().map(|&one| one.to_owned()).collect();
        let address = address.parse().unwrap();
        Names::of(&Listen { address, token: None, origins: own(origins), hosts: own(hosts), patience: None })
    }

    fn asks(names: &Names, host: &str, origin: Option<&str>) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, host.parse().unwrap());
        origin.map(|origin| headers.insert(header::ORIGIN, origin.parse().unwrap()));
        names.check(&headers).is_ok()
    }

    #[test]
    fn where_it_listens_at_all_addresses_every_address_is_one_and_no_name() {
        for all in ["0.0.0.0:8808", "[::]:8808"] {
            let names = names(all, &["skills.example.org:443"], &[]).unwrap();
            for host in ["192.168.1.5:8808", "10.0.0.1", "[fe80::1]:8808", "LOCALHOST:1", "skills.example.org:443"] {
                assert!(asks(&names, host, None), "{host}");
            }
            for host in ["evil.example:8808", "192.168.1.5.evil.example", "skills.example.org", "skills.example.org:80"]
            {
                assert!(!asks(&names, host, None), "{host}");
            }
        }
        let one = names("192.168.1.5:8808", &[], &[]).unwrap();
        assert!(asks(&one, "192.168.1.5:8808", None) && !asks(&one, "192.168.1.6:8808", None));
        let local = names("[::1]:8808", &[], &[]).unwrap();
        assert!(asks(&local, "[0:0:0:0:0:0:0:1]:8808", None) && !asks(&local, "10.0.0.1", None));
    }

    #[test]
    fn who_says_two_names_or_none_is_a_stranger() {
        let names = names("127.0.0.1:8808", &[], &[]).unwrap();
        let mut headers = HeaderMap::new();
        assert!(matches!(names.check(&headers), Err(Stranger::Nameless)));
        headers.append(header::HOST, HeaderValue::from_static("localhost"));
        headers.append(header::HOST, HeaderValue::from_static("localhost"));
        assert!(matches!(names.check(&headers), Err(Stranger::Nameless)));
        for odd in ["", "localhost:x", "localhost:99999", "a@localhost", "localhost/", "localhost:"] {
            assert!(!asks(&names, odd, None), "{odd}");
        }
    }

    #[test]
    fn what_is_no_name_or_origin_is_refused_when_the_server_starts() {
        for odd in ["https://skills.example.org", "a/b", "a@b", "", "a b", "example.org:99999", "example.org:"] {
            let error = names("127.0.0.1:1", &[odd], &[]).err().unwrap().to_string();
            assert!(error.starts_with("--allow-host: unusable name"), "{error}");
        }
        for odd in [
            "example.org",
            "https://example.org:99999",
            "https://example.org/",
            "https://a@example.org",
            "ftp://a",
            "null",
        ] {
            let error = names("127.0.0.1:1", &[], &[odd]).err().unwrap().to_string();
            assert!(error.starts_with("--allow-origin: unusable origin"), "{error}");
        }
        let known = names("127.0.0.1:1", &["::2", "[::3]:5", "Skills.Example.org"], &["HTTPS://Example.org"]).unwrap();
        assert!(
            asks(&known, "[::2]", Some("https://example.org"))
                && asks(&known, "[::3]:5", Some("https://example.org:443"))
        );
        assert!(asks(&known, "skills.example.org", Some("http://[::1]:3000")));
    }
}
