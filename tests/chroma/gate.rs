//! What stands before a server, writes down what is asked, and may answer itself.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// One request.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Method and the last part of the path, such as `POST upsert`.
    pub what: String,
    pub head: String,
    pub body: String,
}

/// What becomes of a request.
pub enum Then {
    Pass,
    /// A status, with a header or none.
    Say(&'static str, &'static str),
    /// The same with any header and body.
    Tell(&'static str, String, String),
    /// Nothing for so long.
    Wait(Duration),
    /// The connection ends.
    HangUp,
}

/// A gate before a server.
pub struct Gate {
    pub port: u16,
    log: Arc<Mutex<Vec<Asked>>>,
}

impl Gate {
    /// Lets everything through.
    pub fn open(server: u16) -> Gate {
        Gate::new(server, |_, _| Then::Pass)
    }

    /// Does what `rule` says of each request, given how many were like it before.
    pub fn new(server: u16, rule: impl Fn(&Asked, usize) -> Then + Send + Sync + 'static) -> Gate {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let (port, log) = (listener.local_addr().unwrap().port(), Arc::new(Mutex::new(Vec::<Asked>::new())));
        let (rule, kept) = (Arc::new(rule), Arc::clone(&log));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (rule, log, mut stream) = (Arc::clone(&rule), Arc::clone(&kept), stream.unwrap());
                std::thread::spawn(move || {
                    let Some(asked) = heard(&stream) else { return };
                    let before = {
                        let mut log = log.lock().unwrap();
                        log.push(asked.clone());
                        log.iter().filter(|other| other.what == asked.what).count() - 1
                    };
                    match rule(&asked, before) {
                        Then::Pass => drop(passed(server, &asked, &mut stream)),
                        Then::Say(status, header) => told(&mut stream, status, header, "{}"),
                        Then::Tell(status, header, body) => told(&mut stream, status, &header, &body),
                        Then::Wait(time) => std::thread::sleep(time),
                        Then::HangUp => {}
                    }
                });
            }
        });
        Gate { port, log }
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// What was asked since the last time.
    pub fn asked(&self) -> Vec<Asked> {
        std::mem::take(&mut self.log.lock().unwrap())
    }

    /// The same in short.
    pub fn said(&self) -> Vec<String> {
        self.asked().into_iter().map(|asked| asked.what).collect()
    }
}

fn heard(stream: &TcpStream) -> Option<Asked> {
    let (mut reader, mut head) = (BufReader::new(stream), String::new());
    while !head.ends_with("\r\n\r\n") {
        if reader.read_line(&mut head).ok()? == 0 {
            return None;
        }
    }
    let length = head.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length:")?.trim().parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    reader.read_exact(&mut body).ok()?;
    let mut words = head.split(' ');
    let (method, path) = (words.next()?, words.next()?);
    let what = format!("{method} {}", path.rsplit('/').next()?);
    Some(Asked { what, body: String::from_utf8(body).unwrap(), head })
}

fn told(stream: &mut TcpStream, status: &str, header: &str, body: &str) {
    let length = body.len();
    let answer = format!("HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {length}\r\n{header}\r\n{body}");
    drop(stream.write_all(answer.as_bytes()));
}

fn passed(server: u16, asked: &Asked, stream: &mut TcpStream) -> std::io::Result<()> {
    let mut upstream = TcpStream::connect(("127.0.0.1", server))?;
    let head = asked.head.trim_end().to_owned() + "\r\nConnection: close\r\n\r\n";
    upstream.write_all(head.as_bytes())?;
    upstream.write_all(asked.body.as_bytes())?;
    let mut answer = Vec::new();
    upstream.read_to_end(&mut answer)?;
    stream.write_all(&answer)
}
