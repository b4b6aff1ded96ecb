//! What is known of one use of a skill?

/// One use. Points in time are microseconds since 1970, UTC.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Use {
    /// The skill's name, as the agent knows it.
    pub skill: String,
    /// What the writer calls this use, where it names its uses.
    pub id: Option<String>,
    pub invoked_at: i64,
    pub completed_at: Option<i64>,
    /// Milliseconds; never negative.
    pub duration_ms: Option<f64>,
    /// Whether it did what it should; unknown while it runs, and where nobody said.
    pub success: Option<bool>,
    pub session_id: Option<String>,
    pub workflow_path: Option<String>,
    /// The user's words: private.
    pub user_query: Option<String>,
    /// The skills that might have been taken instead.
    pub alternatives: Vec<String>,
    /// The place of the skill among those offered, from 1.
    pub selection_rank: Option<i32>,
    /// What had to be done after it.
    pub follow_ups: Vec<String>,
    pub error_type: Option<String>,
}
