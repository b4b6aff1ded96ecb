//! How is a client heard over standard input, whatever it says first, and however long its lines are?

use std::borrow::Cow;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use rmcp::model::*;
use rmcp::transport::{Transport, async_rw::AsyncRwTransport};
use rmcp::{ErrorData, RoleServer};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

/// Longer lines are passed over: a document of a million characters fits, each escaped, and one line fills no memory.
const LONGEST: usize = 16 << 20;

/// Standard input and output, on which nothing ends the server that comes before a client has said who it is.
pub struct Patient<R: AsyncRead + Unpin, W: AsyncWrite> {
    inner: AsyncRwTransport<RoleServer, Measured<R>, W>,
    /// Hears of each line that was passed over.
    too_long: UnboundedReceiver<()>,
    versions: Cow<'static, [ProtocolVersion]>,
    has_begun: bool,
}

impl<R: AsyncRead + Send + Unpin, W: AsyncWrite + Send + Unpin + 'static> Patient<R, W> {
    /// For a server of these versions.
    pub fn new(input: R, output: W, versions: Cow<'static, [ProtocolVersion]>) -> Patient<R, W> {
        let (told, too_long) = unbounded_channel();
        let input = Measured { inner: input, length: 0, told };
        let inner = AsyncRwTransport::new_server(input, output).with_max_line_length(LONGEST);
        Patient { inner, too_long, versions, has_begun: false }
    }

    /// Whether a request makes the library go from greetings to work: until then it ends at anything but a request, and
    /// it goes on greeting after a `ping`, a `server/discover` and what it cannot answer.
    fn begins(&self, request: &ClientRequest) -> bool {
        let meta = request.get_meta();
        match request {
            ClientRequest::InitializeRequest(_) => true,
            ClientRequest::PingRequest(_) | ClientRequest::DiscoverRequest(_) => false,
            _ => {
                let is_known = meta.protocol_version().is_some_and(|version| self.versions.contains(&version));
                is_known && meta.missing_required_keys(&ProtocolVersion::V_2026_07_28).is_empty()
            }
        }
    }
}

impl<R, W> Transport<RoleServer> for Patient<R, W>
where
    R: AsyncRead + Send + Unpin + 'static,
    W: AsyncWrite + Send + Unpin + 'static,
{
    type Error = std::io::Error;

    fn send(&mut self, item: ServerJsonRpcMessage) -> impl Future<Output = std::io::Result<()>> + Send + 'static {
        self.inner.send(item)
    }

    async fn receive(&mut self) -> Option<ClientJsonRpcMessage> {
        loop {
            let message = tokio::select! {
                message = self.inner.receive() => message?,
                Some(()) = self.too_long.recv() => {
                    // Not waited for: whoever receives may be interrupted, and must not say it twice or not at all.
                    tokio::spawn(self.inner.send(ServerJsonRpcMessage::error(passed_over(), None)));
                    continue;
                }
            };
            match &message {
                JsonRpcMessage::Request(request) => {
                    self.has_begun |= self.begins(&request.request);
                    return Some(message);
                }
                _ if self.has_begun => return Some(message),
                _ => {}
            }
        }
    }

    async fn close(&mut self) -> std::io::Result<()> {
        self.inner.close().await
    }
}

fn passed_over() -> ErrorData {
    ErrorData::invalid_request(format!("a line of more than {LONGEST} bytes was passed over; send less at once"), None)
}

/// Counts the bytes of each line.
struct Measured<R> {
    inner: R,
    length: usize,
    told: UnboundedSender<()>,
}

impl<R> Measured<R> {
    fn count(&mut self, bytes: &[u8]) {
        for part in bytes.split_inclusive(|byte| *byte == b'\n') {
            let before = self.length;
            self.length += part.len();
            if before <= LONGEST && self.length > LONGEST {
                // Nobody hears it where the server ends.
                self.told.send(()).ok();
            }
            self.length = if part.ends_with(b"\n") { 0 } else { self.length };
        }
    }
}

impl<R: AsyncRead + Unpin> AsyncRead for Measured<R> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<std::io::Result<()>> {
        let before = buf.filled().len();
        ready!(Pin::new(&mut self.inner).poll_read(cx, buf))?;
        self.count(&buf.filled()[before..]);
        Poll::Ready(Ok(()))
    }
}
