//! Who may speak to a server over HTTP? Only who calls it by its name, from a page that may, with the token where there is one.

mod names;
mod sessions;

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::header::{self, HeaderName, HeaderValue};
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
use super::remark::remark;
use super::server::Server;
use crate::bytes::sha256;
use crate::{Code, Error, Result};
use names::{Names, Stranger};
use sessions::{IDLE, Sessions};

const PATH: &str = "/mcp";

/// Larger requests are refused: a document of a million characters fits, escaped as it may be.
const LARGEST: usize = 16 << 20;

/// So many connections are open at once; others wait.
const CONNECTIONS: usize = 256;

/// Who does not say what is wanted in this time has gone.
const PATIENCE: Duration = Duration::from_secs(10);

/// The largest body comes within this time over 3 Mbit/s; who takes longer holds a connection that others wait for.
const BODY: Duration = Duration::from_secs(60);

/// What a client waits where too many are there: about as long as one that goes needs to be noticed.
const AFTER: &str = "10";

/// After a connection could not be taken, since too many files are open.
const PAUSE: Duration = Duration::from_millis(100);

const SESSION: HeaderName = HeaderName::from_static("mcp-session-id");

type Answer = Response<BoxBody<Bytes, Infallible>>;

/// Serves until the program ends.
pub async fn serve(library: &Arc<Library>, listen: Listen) -> Result<()> {
    let taken = |error| unusable(listen.address, error);
    let door = Arc::new(Door::new(library, &listen)?);
    let listener = TcpListener::bind(listen.address).await.map_err(taken)?;
    let address = listener.local_addr().map_err(taken)?;
    let which = if address.ip().is_unspecified() { " (at every address of this machine)" } else { "" };
    remark(format!("note: serving at http://{address}{PATH}{which}\n"));
    tokio::spawn(Arc::clone(&door.sessions).look_after());
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
    sessions: Arc<Sessions>,
    names: Names,
    /// SHA-256 of the token, so that all are of one length.
    token: Option<String>,
    /// How long a body may take.
    body: Duration,
}

impl Door {
    fn new(library: &Arc<Library>, listen: &Listen) -> Result<Door> {
        let (server, sessions) = (Server::new(library), Sessions::new(listen.patience.unwrap_or(IDLE)));
        // Names are asked for here, in words that say what to do.
        let config = StreamableHttpServerConfig::default()
            .disable_allowed_hosts()
            .disable_allowed_origins()
            .with_max_request_body_bytes(LARGEST);
        let service = StreamableHttpService::new(move || Ok(server.for_another()), sessions.manager(), config);
        let token = listen.token.as_deref().map(|token| sha256(token.as_bytes()));
        Ok(Door { service, sessions, names: Names::of(listen)?, token, body: listen.patience.unwrap_or(BODY) })
    }

    async fn talk(self: Arc<Self>, stream: TcpStream) {
        let answer = hyper::service::service_fn(|request| async { Ok::<_, Infallible>(self.answer(request).await) });
        let mut connection = http1::Builder::new();
        connection.timer(TokioTimer::new()).header_read_timeout(PATIENCE);
        // A connection that breaks concerns nobody but who was on it.
        drop(connection.serve_connection(TokioIo::new(stream), answer).await);
    }

    async fn answer(&self, request: Request<Incoming>) -> Answer {
        match self.names.check(request.headers()) {
            Err(Stranger::Nameless) => return said(StatusCode::BAD_REQUEST, "say once whom you ask: Host: NAME"),
            Err(Stranger::Unknown(why)) => return said(StatusCode::FORBIDDEN, &why),
            Ok(()) => {}
        }
        let origin = request.headers().get(header::ORIGIN).cloned();
        let mut answer = self.heard(request).await;
        if let Some(origin) = origin {
            let_read(&mut answer, origin);
        }
        answer
    }

    /// The answer to who calls the server by its name.
    async fn heard(&self, request: Request<Incoming>) -> Answer {
        if request.uri().path() != PATH {
            return said(StatusCode::NOT_FOUND, &format!("nothing is here; ask {PATH}"));
        }
        // A browser asks whether it may ask before it sends a token.
        if request.method() == Method::OPTIONS && request.headers().contains_key(header::ORIGIN) {
            return said(StatusCode::NO_CONTENT, "");
        }
        if !self.knows(request.headers().get(header::AUTHORIZATION)) {
            let refused = said(StatusCode::UNAUTHORIZED, "send the server's token: Authorization: Bearer TOKEN");
            return with(refused, header::WWW_AUTHENTICATE, "Bearer");
        }
        let (parts, body) = request.into_parts();
        match self.whole(body).await {
            Ok(body) => self.asked(Request::from_parts(parts, Full::new(body))).await,
            Err(refused) => refused,
        }
    }

    /// All of a body, if it comes in time.
    async fn whole(&self, body: Incoming) -> std::result::Result<Bytes, Answer> {
        let late = format!("the whole body has to be here within {} seconds", self.body.as_secs());
        let read = tokio::time::timeout(self.body, Limited::new(body, LARGEST).collect()).await;
        match read.map_err(|_| said(StatusCode::REQUEST_TIMEOUT, &late))? {
            Ok(body) => Ok(body.to_bytes()),
            Err(error) if error.is::<LengthLimitError>() => {
                Err(said(StatusCode::PAYLOAD_TOO_LARGE, &format!("a body has at most {LARGEST} bytes")))
            }
            Err(_) => Err(said(StatusCode::BAD_REQUEST, "the body broke off")),
        }
    }

    /// The service's answer, which keeps the session while it is worked on and listened to.
    async fn asked(&self, mut request: Request<Full<Bytes>>) -> Answer {
        let is_end = request.method() == Method::DELETE;
        let id = request.headers().get(SESSION).and_then(|id| id.to_str().ok()).map(str::to_owned);
        let hold = id.as_deref().and_then(|id| self.sessions.hold(id));
        hold.iter().for_each(|hold| drop(request.extensions_mut().insert(Arc::clone(hold))));
        let answer = self.service.handle(request).await;
        let begun = answer.headers().get(SESSION).and_then(|id| id.to_str().ok());
        match (id, begun) {
            (None, Some(begun)) if !self.sessions.admit(begun) => {
                let refused = said(StatusCode::SERVICE_UNAVAILABLE, "too many sessions are in use; ask again later");
                return with(refused, header::RETRY_AFTER, AFTER);
            }
            (Some(id), _) if is_end => self.sessions.forget(&id),
            _ => {}
        }
        let keep = move |frame| {
            let _ = &hold;
            frame
        };
        answer.map(|body| body.map_frame(keep).boxed())
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

/// Plain text, which no browser takes for anything else.
fn said(status: StatusCode, text: &str) -> Answer {
    let mut answer = Response::new(Full::new(Bytes::from(text.to_owned())).boxed());
    *answer.status_mut() = status;
    with(answer, header::CONTENT_TYPE, "text/plain; charset=utf-8")
}

fn with(mut answer: Answer, name: HeaderName, value: &'static str) -> Answer {
    answer.headers_mut().insert(name, HeaderValue::from_static(value));
    answer
}

fn unusable(address: SocketAddr, error: std::io::Error) -> Error {
    let is_taken = error.kind() == std::io::ErrorKind::AddrInUse;
    let elsewhere = "name an address of this machine, such as 127.0.0.1:8808";
    let help = if is_taken { "choose another port, or 0 for any" } else { elsewhere };
    Error::new(Code::Io, "nobody can listen there").at(format!("--http {address}")).caused_by(error).help(help)
}
