//! Who may speak to a server over HTTP? Only who calls it by its name, from a page that may, with the token where there is one.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::header::{self, HeaderValue};
use hyper::server::conn::http1;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use rmcp::transport::streamable_http_server::session::local::LocalSessionManager;
use rmcp::transport::{StreamableHttpServerConfig, StreamableHttpService};
use subtle::ConstantTimeEq;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;

use super::Listen;
use super::library::Library;
use super::server::Server;
use crate::bytes::sha256;
use crate::{Code, Error, Result};

const PATH: &str = "/mcp";

/// Larger requests are refused: a document of a million characters fits.
const LARGEST: usize = 8 << 20;

/// So many connections are open at once; others wait.
const CONNECTIONS: usize = 256;

/// Who does not say what is wanted in this time has gone.
const PATIENCE: Duration = Duration::from_secs(10);

/// After a connection could not be taken, since too many files are open.
const PAUSE: Duration = Duration::from_millis(100);

/// This machine, as pages on it and their addresses have it.
const OWN: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];

type Answer = Response<BoxBody<Bytes, Infallible>>;

/// Serves until the program ends.
pub async fn serve(library: &Arc<Library>, listen: Listen) -> Result<()> {
    let taken = |error| unusable(listen.address, error);
    let listener = TcpListener::bind(listen.address).await.map_err(taken)?;
    let address = listener.local_addr().map_err(taken)?;
    let door = Arc::new(Door::new(library, &listen)?);
    eprintln!("note: serving at http://{address}{PATH}");
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    while let Ok(place) = Arc::clone(&places).acquire_owned().await {
        let Ok((stream, _)) = listener.accept().await else {
            tokio::time::sleep(PAUSE).await;
            continue;
        };
        let door = Arc::clone(&door);
        tokio::spawn(async move {
            door.talk(stream).await;
            drop(place);
        });
    }
    Ok(())
}

/// Who is let in.
struct Door {
    service: StreamableHttpService<Server, LocalSessionManager>,
    /// SHA-256 of the token, so that all are of one length.
    token: Option<String>,
}

impl Door {
    fn new(library: &Arc<Library>, listen: &Listen) -> Result<Door> {
        let server = Server::new(library);
        let config = StreamableHttpServerConfig::default()
            .with_allowed_hosts(hosts(listen))
            .with_allowed_origins(origins(listen)?)
            .enforce_origin_validation()
            .with_max_request_body_bytes(LARGEST);
        let service = StreamableHttpService::new(move || Ok(server.for_another()), Arc::default(), config);
        Ok(Door { service, token: listen.token.as_deref().map(|token| sha256(token.as_bytes())) })
    }

    async fn talk(self: Arc<Self>, stream: TcpStream) {
        let answer = hyper::service::service_fn(|request| async { Ok::<_, Infallible>(self.answer(request).await) });
        let mut connection = http1::Builder::new();
        connection.timer(TokioTimer::new()).header_read_timeout(PATIENCE);
        // A connection that breaks concerns nobody but who was on it.
        drop(connection.serve_connection(TokioIo::new(stream), answer).await);
    }

    async fn answer(&self, request: Request<Incoming>) -> Answer {
        if request.uri().path() != PATH {
            return said(StatusCode::NOT_FOUND, &format!("nothing is here; ask {PATH}"));
        }
        let origin = request.headers().get(header::ORIGIN).cloned();
        // A browser asks whether it may ask before it sends a token.
        let is_question = request.method() == Method::OPTIONS && origin.is_some();
        if !is_question && !self.knows(request.headers().get(header::AUTHORIZATION)) {
            let mut refused = said(StatusCode::UNAUTHORIZED, "send the server's token: Authorization: Bearer TOKEN");
            refused.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
            return refused;
        }
        let mut answer = self.service.handle(request).await;
        if is_question && answer.status() == StatusCode::METHOD_NOT_ALLOWED {
            answer = said(StatusCode::NO_CONTENT, "");
        }
        // The service refuses origins that may not ask.
        if let Some(origin) = origin.filter(|_| answer.status() != StatusCode::FORBIDDEN) {
            let_read(&mut answer, origin);
        }
        answer
    }

    /// Whether the token is said, in a time that does not tell how much of it.
    fn knows(&self, said: Option<&HeaderValue>) -> bool {
        let Some(token) = &self.token else { return true };
        let said = said.and_then(|said| said.as_bytes().split_at_checked("Bearer ".len()));
        let said =
            said.filter(|(scheme, _)| scheme.eq_ignore_ascii_case(b"Bearer ")).map_or(&b""[..], |(_, token)| token);
        sha256(said).as_bytes().ct_eq(token.as_bytes()).into()
    }
}

/// What a browser wants to hear before a page of another origin may read an answer.
fn let_read(answer: &mut Answer, origin: HeaderValue) {
    let headers = answer.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    headers.insert(header::VARY, HeaderValue::from_static("Origin"));
    let fixed = [
        (header::ACCESS_CONTROL_ALLOW_METHODS, "GET, POST, DELETE"),
        (
            header::ACCESS_CONTROL_ALLOW_HEADERS,
            "Authorization, Content-Type, Last-Event-ID, Mcp-Method, Mcp-Name, Mcp-Protocol-Version, Mcp-Session-Id",
        ),
        (header::ACCESS_CONTROL_EXPOSE_HEADERS, "Mcp-Session-Id"),
    ];
    headers.extend(fixed.map(|(name, value)| (name, HeaderValue::from_static(value))));
}

/// The names that the server answers to: a page that made another name lead here has none of them.
fn hosts(listen: &Listen) -> Vec<String> {
    let own = [OWN[0], OWN[1], "::1"].map(str::to_owned).into_iter();
    let address =
        Some(listen.address.ip()).filter(|address| !address.is_unspecified()).map(|address| address.to_string());
    own.chain(address).chain(listen.hosts.iter().cloned()).collect()
}

/// The origins that may ask, each with its port.
fn origins(listen: &Listen) -> Result<Vec<String>> {
    let own = OWN.iter().flat_map(|host| ["http", "https"].map(|scheme| format!("{scheme}://{host}:*")));
    let named = listen.origins.iter().map(|origin| with_port(origin)).collect::<Result<Vec<_>>>()?;
    Ok(own.chain(named).collect())
}

fn with_port(origin: &str) -> Result<String> {
    let unusable = || {
        Error::new(Code::InvalidArgument, "unusable origin")
            .at("--allow-origin")
            .expected("a scheme, a name and perhaps a port, such as https://example.org")
            .got(format!("`{}`", origin.escape_debug()))
    };
    let uri: hyper::Uri = origin.parse().map_err(|_| unusable())?;
    let port = match uri.scheme_str() {
        Some("https") => 443,
        Some("http") => 80,
        _ => return Err(unusable()),
    };
    let is_origin = uri.path() == "/" && uri.query().is_none() && !origin.ends_with('/');
    match uri.authority().filter(|_| is_origin) {
        Some(authority) if !authority.as_str().contains('@') => {
            let scheme = uri.scheme_str().unwrap_or_default();
            Ok(format!("{scheme}://{}:{}", authority.host(), authority.port_u16().unwrap_or(port)))
        }
        _ => Err(unusable()),
    }
}

fn said(status: StatusCode, text: &str) -> Answer {
    let mut answer = Response::new(Full::new(Bytes::from(text.to_owned())).boxed());
    *answer.status_mut() = status;
    answer
}

fn unusable(address: SocketAddr, error: std::io::Error) -> Error {
    let is_taken = error.kind() == std::io::ErrorKind::AddrInUse;
    let elsewhere = "name an address of this machine, such as 127.0.0.1:8808";
    let help = if is_taken { "choose another port, or 0 for any" } else { elsewhere };
    Error::new(Code::Io, "nobody can listen there").at(format!("--http {address}")).caused_by(error).help(help)
}
