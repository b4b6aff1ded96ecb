//! What is known of one use of a skill?

use super::read::Remark;

/// One use. Points in time are microseconds since 1970, UTC.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Use {
    /// The skill's name, as the agent knows it.
    pub skill: String,
    /// What the writer calls this use, where it names its uses.
    pub id: Option<String>,
    pub invoked_at: i64,
    /// `invoked_at` as it is written, which does not change with the reader's clock: taken as UTC where it names no zone.
    pub written_at: i64,
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

impl Use {
    /// What a later record says of the same use: what nobody said before is filled in, how it ended is taken as told last,
    /// what was to be done afterwards only grows, and the time and the skill stay. Says where they differ.
    pub fn learn(&mut self, later: Use) -> Option<Remark> {
        let reason = "two records with this id name other skills or times: the first one's are kept";
        let differs = (&self.skill, self.written_at) != (&later.skill, later.written_at);
        self.completed_at = later.completed_at.or(self.completed_at);
        self.duration_ms = later.duration_ms.or(self.duration_ms);
        self.success = later.success.or(self.success);
        self.error_type = later.error_type.or(self.error_type.take());
        self.session_id = self.session_id.take().or(later.session_id);
        self.workflow_path = self.workflow_path.take().or(later.workflow_path);
        self.user_query = self.user_query.take().or(later.user_query);
        self.selection_rank = self.selection_rank.or(later.selection_rank);
        if self.alternatives.is_empty() {
            self.alternatives = later.alternatives;
        }
        if later.follow_ups.len() > self.follow_ups.len() {
            self.follow_ups = later.follow_ups;
        }
        let place = || format!("id {}", self.id.as_deref().unwrap_or_default());
        differs.then(|| Remark { place: place(), reason: reason.to_owned() })
    }
}
