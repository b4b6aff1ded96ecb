//! What is said where the program was built without the server?

use super::args::Mcp;
use crate::cli::Outcome;
use crate::{Code, Error, Result};

pub fn run(_: &Mcp) -> Result<Outcome> {
    Err(Error::new(Code::InvalidArgument, "this program was built without the MCP server")
        .help("build it with `cargo build --release --features mcp`, as docs/mcp.md says"))
}
