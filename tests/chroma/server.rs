//! A real Chroma server, which ends with the test that started it.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// Names the folder of the server's wheel, unpacked, as ./build.sh does.
const BINDINGS: &str = "SKILLMESH_CHROMA";

/// Where this process ends by a signal, so does the server.
const PROGRAM: &str = "\
import ctypes, sys, chromadb_rust_bindings
ctypes.CDLL(None).prctl(1, 9)
chromadb_rust_bindings.cli(['chroma', 'run', '--host', '127.0.0.1', '--port', sys.argv[1], '--path', sys.argv[2]])";

/// A server with its data.
pub struct Server {
    pub port: u16,
    child: Child,
    folder: PathBuf,
}

impl Server {
    /// A server with no data; `None` where none is installed.
    pub fn start(folder: &Path) -> Option<Server> {
        Server::start_at(free_port(), folder)
    }

    /// The same at a port that another one had.
    pub fn start_at(port: u16, folder: &Path) -> Option<Server> {
        let Some(bindings) = std::env::var_os(BINDINGS) else {
            eprintln!("skipped: {BINDINGS} names no Chroma server; ./build.sh test fetches one");
            return None;
        };
        let child = Command::new("python3")
            .args(["-c", PROGRAM, &port.to_string()])
            .arg(folder)
            .env("PYTHONPATH", bindings)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut server = Server { port, child, folder: folder.to_owned() };
        server.wait();
        Some(server)
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Ends it as a power cut would, and starts it again with the same data.
    pub fn restart(&mut self) {
        self.kill();
        *self = Server::start_at(self.port, &self.folder).unwrap();
    }

    pub fn kill(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }

    fn wait(&mut self) {
        for _ in 0..600 {
            assert!(self.child.try_wait().unwrap().is_none(), "the server ended");
            if self.answers() {
                return;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        panic!("the server does not answer");
    }

    fn answers(&self) -> bool {
        let Ok(mut stream) = TcpStream::connect(("127.0.0.1", self.port)) else { return false };
        let asked = stream.write_all(b"GET /api/v2/heartbeat HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        let mut said = String::new();
        asked.is_ok() && stream.read_to_string(&mut said).is_ok() && said.starts_with("HTTP/1.1 200")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}

/// A port at which nobody listens.
pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}
