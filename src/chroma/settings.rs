//! Which server is asked, as whom, and how patiently?

use std::time::Duration;

use ureq::http::Uri;

use super::name::is_name;
use crate::{Code, Error, Result};

/// The tenant and the database that every server has.
pub const TENANT: &str = "default_tenant";
pub const DATABASE: &str = "default_database";

/// In which header the token is sent, unless another is named: after the word `Bearer`.
pub const TOKEN_HEADER: &str = "authorization";

/// How long one answer may take, unless told otherwise.
pub const TIMEOUT: Duration = Duration::from_secs(30);

/// Where a registry's vectors are kept.
#[derive(Clone)]
pub struct Settings {
    /// The server, such as `http://localhost:8000`; a path is put before the API's own.
    pub url: String,
    /// Whose databases.
    pub tenant: String,
    /// Which of them.
    pub database: String,
    /// Which collection of it.
    pub collection: String,
    /// What the server has to be told.
    pub token: Option<String>,
    /// In which header: `authorization`, where `Bearer` stands before it, or another, such as `x-chroma-token`.
    pub token_header: String,
    /// The certificates, in PEM, of those who vouch for the server instead of those whom browsers trust.
    pub ca: Option<Vec<u8>>,
    /// How long one answer may take.
    pub timeout: Duration,
}

impl Settings {
    /// Those of a server that anybody may ask.
    ///
    /// ```
    /// use skillmesh::chroma::Settings;
    /// assert!(Settings::new("http://localhost:8000", "skills-v1").checked().is_ok());
    /// assert!(Settings::new("ftp://localhost", "skills-v1").checked().is_err());
    /// assert!(Settings::new("http://localhost:8000", "x").checked().is_err());
    /// ```
    pub fn new(url: &str, collection: &str) -> Settings {
        Settings {
            url: url.to_owned(),
            tenant: TENANT.to_owned(),
            database: DATABASE.to_owned(),
            collection: collection.to_owned(),
            token: None,
            token_header: TOKEN_HEADER.to_owned(),
            ca: None,
            timeout: TIMEOUT,
        }
    }

    /// The settings, if a server can be asked by them; the address without the slash at its end.
    pub fn checked(self) -> Result<Settings> {
        check_url(&self.url)?;
        if !is_name(&self.collection) {
            return Err(Error::new(Code::InvalidArgument, "unusable name of a collection")
                .expected("3 to 512 letters, digits, `.`, `_` and `-`, the first and the last a letter or digit")
                .got(format!("`{}`", self.collection.escape_debug()))
                .help("name another with --collection NAME"));
        }
        let said = [("--chroma-tenant", &self.tenant), ("--chroma-database", &self.database)];
        if let Some((option, _)) = said.into_iter().find(|(_, name)| name.is_empty()) {
            return Err(Error::new(Code::InvalidArgument, "an empty name").at(option).expected("a name"));
        }
        Ok(Settings { url: self.url.trim_end_matches('/').to_owned(), ..self })
    }
}

/// Refuses what is no address of a server. What may hold a password is not repeated.
fn check_url(url: &str) -> Result<()> {
    let unusable = || {
        Error::new(Code::InvalidArgument, "unusable address of a Chroma server")
            .expected("an address such as http://localhost:8000 or https://chroma.example.org")
    };
    let read: Uri = url.parse().map_err(|_| unusable().got("something else"))?;
    if read.authority().is_some_and(|authority| authority.as_str().contains('@')) {
        return Err(unusable()
            .got("one with a name or a password in it, which logs and lists of processes would show")
            .help("put a token into SKILLMESH_CHROMA_TOKEN"));
    }
    if url.contains(['?', '#']) {
        return Err(unusable().got("one with a question mark or a hash sign"));
    }
    if !matches!(read.scheme_str(), Some("http" | "https")) || read.host().is_none_or(str::is_empty) {
        return Err(unusable().got(format!("`{}`", url.escape_debug())));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(url: &str) -> String {
        Settings::new(url, "abc").checked().map(|settings| settings.url).unwrap_or_else(|error| error.to_string())
    }

    #[test]
    fn an_address_is_one_of_the_web() {
        assert_eq!(said("https://chroma.example.org/vectors/"), "https://chroma.example.org/vectors");
        assert_eq!(said("http://[::1]:8000"), "http://[::1]:8000");
        for url in [
            "",
            "localhost",
            "localhost:8000",
            "/x",
            "ftp://a",
            "http://",
            "http://a/?x=1",
            "http://a/#b",
            "http://a b",
        ] {
            assert!(said(url).contains("unusable address"), "{url}: {}", said(url));
        }
    }

    #[test]
    fn no_password_is_repeated() {
        for url in [
            "http://me:secret@localhost:8000",
            "ftp://me:secret@localhost",
            "http://me:se cret@localhost",
            "ftp://a/?token=secret",
        ] {
            assert!(!said(url).contains("cret"), "{}", said(url));
        }
        assert!(said("https://me@localhost").contains("SKILLMESH_CHROMA_TOKEN"));
    }
}
