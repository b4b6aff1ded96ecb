//! Who may speak to a server over HTTP? Only who is meant to, by name, origin and token.

use std::sync::Arc;

use super::Listen;
use super::library::Library;
use crate::Result;

/// Serves until the program ends.
pub async fn serve(_: &Arc<Library>, _: Listen) -> Result<()> {
    std::future::pending().await
}
