//! How much work is done at once? Questions on every core; what writes, or waits for another program, one after another of its
//! kind, so that no question waits behind it.

use std::sync::Arc;

use tokio::sync::{AcquireError, OwnedSemaphorePermit, Semaphore};

/// The right to work, until it is dropped.
pub type Turn = OwnedSemaphorePermit;

/// The turns of all clients together.
#[derive(Clone)]
pub struct Turns {
    /// More questions than there are cores would only take longer.
    questions: Arc<Semaphore>,
    /// Waits for whoever else writes the snapshot, and embeds on every core.
    syncs: Arc<Semaphore>,
    /// Writes the snapshot of documents.
    documents: Arc<Semaphore>,
    /// Writes the file of outcomes.
    outcomes: Arc<Semaphore>,
    /// Waits for whoever else has the database open.
    metrics: Arc<Semaphore>,
}

impl Turns {
    pub fn new() -> Turns {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let of = |turns| Arc::new(Semaphore::new(turns));
        Turns { questions: of(cores), syncs: of(1), documents: of(1), outcomes: of(1), metrics: of(1) }
    }

    /// A turn for this tool; whoever asked first has it first.
    pub async fn take(&self, tool: &str) -> Result<Turn, AcquireError> {
        Arc::clone(self.of(tool)).acquire_owned().await
    }

    fn of(&self, tool: &str) -> &Arc<Semaphore> {
        match tool {
            "sync" => &self.syncs,
            "ingest_document" => &self.documents,
            "record_outcome" => &self.outcomes,
            "top_skills" | "skill_effectiveness" | "compare_projects" | "health_check" => &self.metrics,
            _ => &self.questions,
        }
    }
}
