//! How is the server asked, and what if it does not answer?

use std::io::{ErrorKind, Read};
use std::time::Duration;

use serde::de::{DeserializeOwned, IgnoredAny};
use serde::{Deserialize, Serialize};
use ureq::http::header::{CONTENT_TYPE, HeaderName, HeaderValue, LOCATION, RETRY_AFTER};
use ureq::http::{HeaderMap, Method, StatusCode};
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem};
use ureq::{Agent, Body, Timeout};

use super::settings::{Settings, TOKEN_HEADER};
use crate::{Code, Error, Result};

/// A request is sent at most so many times.
const TRIES: u32 = 4;

/// The wait before the second time; it doubles each time.
const FIRST_WAIT: Duration = Duration::from_millis(200);

/// Longer than this no server keeps us waiting before it is asked again.
const LONGEST_WAIT: Duration = Duration::from_secs(5);

/// A server on the same continent takes a connection within this time.
const CONNECT: Duration = Duration::from_secs(5);

/// An answer that says little has no more bytes than this, and of an error no more are read.
pub const SHORT: u64 = 1 << 20;

/// A longer answer is no answer to what we ask, however much that was.
const LARGEST: u64 = 256 << 20;

/// What a server says beyond this is not repeated.
const SAID: usize = 300;

/// A server, ready to be asked.
pub struct Http {
    agent: Agent,
    /// Where collections are.
    base: String,
    /// Where the API is.
    root: String,
    headers: HeaderMap,
    /// What the headers say of it is never shown, and neither is what the server says of it.
    token: Option<String>,
    timeout: Duration,
}

/// An answer that is no error of the way there.
struct Reply {
    status: StatusCode,
    retry_after: Option<Duration>,
    /// Where else the server says it is.
    location: Option<String>,
    body: Vec<u8>,
}

/// What Chroma says where it does not do what it is asked.
#[derive(Deserialize)]
struct Refusal {
    error: String,
}

impl Reply {
    /// Whether Chroma knows of none; other servers do not know what is asked of them.
    fn is_absence(&self) -> bool {
        let refusal = serde_json::from_slice::<Refusal>(&self.body);
        self.status == StatusCode::NOT_FOUND && refusal.is_ok_and(|refusal| refusal.error == "NotFoundError")
    }
}

impl Http {
    /// Settings that hold together become a client; nothing is sent yet.
    pub fn new(settings: &Settings) -> Result<Http> {
        let root = format!("{}/api/v2", settings.url);
        let (tenant, database) = (segment(&settings.tenant), segment(&settings.database));
        let roots = settings.ca.as_deref().map_or(Ok(RootCerts::WebPki), trusted)?;
        // What the environment says of proxies is for other programs: a token goes to the server that was named.
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .proxy(None)
            .timeout_connect(Some(CONNECT.min(settings.timeout)))
            .timeout_global(Some(settings.timeout))
            .tls_config(TlsConfig::builder().root_certs(roots).build())
            .user_agent(concat!("skillmesh/", env!("CARGO_PKG_VERSION")))
            .build();
        Ok(Http {
            agent: config.new_agent(),
            base: format!("{root}/tenants/{tenant}/databases/{database}/collections"),
            root,
            headers: headers(settings)?,
            token: settings.token.as_deref().map(str::trim).filter(|token| !token.is_empty()).map(str::to_owned),
            timeout: settings.timeout,
        })
    }

    /// What the server says of itself.
    pub fn about<T: DeserializeOwned>(&self, path: &str) -> Result<T> {
        self.read(self.answer(&Method::GET, &format!("{}/{path}", self.root), None, SHORT)?)
    }

    /// A collection or what is in it, in few words; `None` where there is none of that name.
    pub fn find<T: DeserializeOwned>(&self, path: &[&str]) -> Result<Option<T>> {
        let reply = self.sent(&Method::GET, &self.place(path), None, SHORT)?;
        if reply.is_absence() {
            return Ok(None);
        }
        self.read(self.accepted(reply)?).map(Some)
    }

    /// What the server answers to this question about collections, in so many bytes at most.
    pub fn ask<T: DeserializeOwned>(&self, path: &[&str], question: &impl Serialize, most: u64) -> Result<T> {
        self.read(self.answer(&Method::POST, &self.place(path), Some(written(question)?), most)?)
    }

    /// The same where it does not matter what the server answers, if it does what it is told.
    pub fn tell(&self, path: &[&str], order: &impl Serialize) -> Result<()> {
        self.ask::<IgnoredAny>(path, order, SHORT).map(drop)
    }

    /// The same of something that is there already.
    pub fn put(&self, path: &[&str], order: &impl Serialize) -> Result<()> {
        self.answer(&Method::PUT, &self.place(path), Some(written(order)?), SHORT).map(drop)
    }

    /// Takes a collection away, which may be gone. The server is told once: the second time, the name may be another's.
    pub fn delete(&self, path: &[&str]) -> Result<()> {
        let reply = self.once(&Method::DELETE, &self.place(path), None, SHORT);
        let reply = reply.map_err(|error| self.unreachable(error))?;
        if reply.is_absence() { Ok(()) } else { self.accepted(reply).map(drop) }
    }

    /// An answer that is none to what was asked.
    pub fn unfit(&self, what: &str) -> Error {
        Error::new(Code::Chroma, what).at(&self.root).help("check the address; Chroma 1.5 or newer is needed")
    }

    /// What the server says, in so far as it can be shown: the beginning, without what steers a terminal, and no token.
    pub fn shown(&self, said: &str) -> String {
        let secrets = self.token.iter().flat_map(|token| [token.clone(), token.escape_debug().to_string()]);
        let said = secrets.fold(said.to_owned(), |said, secret| said.replace(&secret, "…"));
        said.trim().chars().take(SAID).flat_map(char::escape_debug).collect()
    }

    fn place(&self, path: &[&str]) -> String {
        path.iter().fold(self.base.clone(), |place, name| place + "/" + &segment(name))
    }

    fn answer(&self, method: &Method, place: &str, body: Option<Vec<u8>>, most: u64) -> Result<Vec<u8>> {
        self.accepted(self.sent(method, place, body, most)?)
    }

    /// What is sent here may be sent twice: it asks, or says what shall be.
    fn sent(&self, method: &Method, place: &str, body: Option<Vec<u8>>, most: u64) -> Result<Reply> {
        let mut wait = FIRST_WAIT;
        for _ in 1..TRIES {
            let asked = match self.once(method, place, body.as_deref(), most) {
                Ok(reply) if is_passing(reply.status) => reply.retry_after,
                Err(error) if may_pass(&error) => None,
                done => return done.map_err(|error| self.unreachable(error)),
            };
            std::thread::sleep(asked.map_or(wait, |asked| asked.min(LONGEST_WAIT)));
            wait *= 2;
        }
        self.once(method, place, body.as_deref(), most).map_err(|error| self.unreachable(error))
    }

    fn once(
        &self,
        method: &Method,
        place: &str,
        body: Option<&[u8]>,
        most: u64,
    ) -> std::result::Result<Reply, ureq::Error> {
        let mut request = ureq::http::Request::builder().method(method).uri(place);
        request.headers_mut().into_iter().for_each(|headers| headers.extend(self.headers.clone()));
        let mut reply = match body {
            Some(body) => self.agent.run(request.header(CONTENT_TYPE, "application/json").body(body)?)?,
            None => self.agent.run(request.body(())?)?,
        };
        let said = |name| reply.headers().get(name)?.to_str().ok();
        let retry_after = said(RETRY_AFTER).and_then(|seconds| seconds.parse().ok()).map(Duration::from_secs);
        let (status, location) = (reply.status(), said(LOCATION).map(str::to_owned));
        let body = if status.is_success() { whole(reply.body_mut(), most) } else { beginning(reply.body_mut()) }?;
        Ok(Reply { status, retry_after, location, body })
    }

    fn unreachable(&self, error: ureq::Error) -> Error {
        let failed = |what: &str| Error::new(Code::Chroma, what).at(&self.root);
        let absent = || {
            failed("the Chroma server cannot be reached")
                .help("start it (`chroma run --path FOLDER`), or name another with --chroma-url URL")
        };
        match error {
            ureq::Error::Timeout(Timeout::Connect | Timeout::Resolve) => {
                absent().expected(format!("a connection within {} s", CONNECT.min(self.timeout).as_secs_f32()))
            }
            ureq::Error::Timeout(_) => failed("the Chroma server does not answer in time")
                .expected(format!("an answer within {} s", self.timeout.as_secs_f32()))
                .help("give it more with --chroma-timeout SECONDS"),
            ureq::Error::BodyExceedsLimit(most) => {
                failed("the server's answer is too long for one").expected(format!("at most {most} bytes"))
            }
            error if is_distrust(&error) => failed("no secure connection to the Chroma server")
                .caused_by(error)
                .help("name the certificate of who vouches for it with --chroma-ca FILE"),
            error => absent().caused_by(error),
        }
    }

    /// The body of an answer that is none of an error.
    fn accepted(&self, Reply { status, location, body, .. }: Reply) -> Result<Vec<u8>> {
        if status.is_success() {
            return Ok(body);
        }
        let said = location.filter(|_| status.is_redirection()).map_or(body, String::into_bytes);
        let refused =
            |what: &str| Error::new(Code::Chroma, what).at(&self.root).got(format!("{status}{}", self.told(&said)));
        Err(match status {
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => refused("the Chroma server does not let us in")
                .help("put the token into SKILLMESH_CHROMA_TOKEN, and name its header with --chroma-token-header NAME"),
            status if status.is_redirection() => refused("the Chroma server is elsewhere")
                .help("name where it is with --chroma-url URL: redirects are not followed"),
            StatusCode::NOT_FOUND => refused("the Chroma server has no such thing")
                .help("check address, tenant and database: --chroma-url, --chroma-tenant, --chroma-database"),
            _ => refused("the Chroma server refuses"),
        })
    }

    /// What the server says of an error.
    fn told(&self, body: &[u8]) -> String {
        let shown = self.shown(&String::from_utf8_lossy(body));
        if shown.is_empty() { shown } else { format!(" ({shown})") }
    }

    fn read<T: DeserializeOwned>(&self, body: Vec<u8>) -> Result<T> {
        let unfit = |error: serde_json::Error| {
            self.unfit("the server does not answer as Chroma does").got(self.shown(&error.to_string()))
        };
        serde_json::from_slice(&body).map_err(unfit)
    }
}

fn whole(body: &mut Body, most: u64) -> std::result::Result<Vec<u8>, ureq::Error> {
    body.with_config().limit(most.min(LARGEST)).read_to_vec()
}

/// What there is to show of an answer that may be of any length.
fn beginning(body: &mut Body) -> std::result::Result<Vec<u8>, ureq::Error> {
    let mut said = Vec::new();
    body.as_reader().take(SHORT).read_to_end(&mut said)?;
    Ok(said)
}

/// Whether the server may do in a moment what it does not do now.
fn is_passing(status: StatusCode) -> bool {
    status == StatusCode::TOO_MANY_REQUESTS || status.is_server_error()
}

/// The same of the way there. Who was slow once is slow again.
fn may_pass(error: &ureq::Error) -> bool {
    matches!(error, ureq::Error::Io(_) | ureq::Error::ConnectionFailed | ureq::Error::Protocol(_))
        && !is_distrust(error)
}

fn is_distrust(error: &ureq::Error) -> bool {
    match error {
        ureq::Error::Tls(_) | ureq::Error::Rustls(_) => true,
        ureq::Error::Io(error) => error.kind() == ErrorKind::InvalidData,
        _ => false,
    }
}

fn written(value: &impl Serialize) -> Result<Vec<u8>> {
    serde_json::to_vec(value).map_err(|e| Error::new(Code::Internal, "unsendable question").caused_by(e))
}

/// A name as one part of an address.
fn segment(name: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'~');
    let encoded = |byte: u8| if is_plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    name.bytes().map(encoded).collect()
}

/// The token's header; it is never shown, not even where requests are.
fn headers(settings: &Settings) -> Result<HeaderMap> {
    let mut headers = HeaderMap::new();
    let Some(token) = &settings.token else { return Ok(headers) };
    let name: HeaderName = settings.token_header.parse().map_err(|_| {
        Error::new(Code::InvalidArgument, "unusable name of a header")
            .at("--chroma-token-header")
            .expected("a name such as authorization or x-chroma-token")
            .got(format!("`{}`", settings.token_header.escape_debug()))
    })?;
    let said = if name.as_str() == TOKEN_HEADER { format!("Bearer {token}") } else { token.clone() };
    let mut value: HeaderValue = said.parse().map_err(|_| {
        Error::new(Code::InvalidArgument, "unusable token")
            .at("SKILLMESH_CHROMA_TOKEN")
            .expected("letters, digits and signs on one line")
    })?;
    value.set_sensitive(true);
    headers.insert(name, value);
    Ok(headers)
}

fn trusted(pem: &[u8]) -> Result<RootCerts> {
    let unusable = || {
        Error::new(Code::InvalidArgument, "unusable certificates")
            .at("--chroma-ca")
            .expected("certificates in PEM (`-----BEGIN CERTIFICATE-----`)")
    };
    let mut certificates: Vec<Certificate<'static>> = Vec::new();
    for item in parse_pem(pem) {
        if let PemItem::Certificate(certificate) = item.map_err(|error| unusable().caused_by(error))? {
            certificates.push(certificate);
        }
    }
    if certificates.is_empty() {
        return Err(unusable().got("none"));
    }
    Ok(RootCerts::new_with_certs(&certificates))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_leaves_its_part_of_the_address() {
        assert_eq!(segment("default_tenant"), "default_tenant");
        assert_eq!(segment("../a b?#é"), "%2E%2E%2Fa%20b%3F%23%C3%A9");
    }

    #[test]
    fn a_server_that_takes_no_connection_is_not_given_more_time() {
        let http = Http::new(&Settings::new("http://localhost:1", "abc")).unwrap();
        let said = http.unreachable(ureq::Error::Timeout(Timeout::Connect)).to_string();
        assert!(
            said.contains("within 5 s") && said.contains("chroma run") && !said.contains("--chroma-timeout"),
            "{said}"
        );
        assert!(http.unreachable(ureq::Error::Timeout(Timeout::Global)).to_string().contains("--chroma-timeout"));
    }

    #[test]
    fn what_a_server_says_is_shown_in_part_and_without_the_token() {
        let token = Some(" a\"b ".to_owned());
        let http = Http::new(&Settings { token, ..Settings::new("http://localhost:1", "abc") }).unwrap();
        assert_eq!(http.shown(" no a\"b, {\"it\": \"a\\\"b\"}\u{1b}]0; "), "no …, {\\\"it\\\": \\\"…\\\"}\\u{1b}]0;");
        assert_eq!(http.shown(&"x".repeat(1000)).len(), SAID);
    }

    #[test]
    fn certificates_and_headers_are_looked_at_before_anything_is_sent() {
        let settings = Settings::new("https://localhost:1", "abc");
        let refused = |settings: Settings| Http::new(&settings).err().unwrap().to_string();
        assert!(refused(Settings { ca: Some(b"nothing".into()), ..settings.clone() }).contains("--chroma-ca"));
        let token = Some("two\nlines".to_owned());
        let said = refused(Settings { token, ..settings.clone() });
        assert!(said.contains("SKILLMESH_CHROMA_TOKEN") && !said.contains("two"), "{said}");
        let token_header = "no header".to_owned();
        assert!(
            refused(Settings { token_header, token: Some("x".into()), ..settings }).contains("--chroma-token-header")
        );
    }
}
