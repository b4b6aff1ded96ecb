//! Which sessions are there, and when do they end? Whoever listens, or has work that goes on, stays; others end when nobody asked
//! anything for long, or when there are too many.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use rmcp::transport::streamable_http_server::session::SessionManager;
use rmcp::transport::streamable_http_server::session::local::LocalSessionManager;

/// More than twice as many as connections. Each costs memory, and without a token every program of the machine may begin some.
pub const SESSIONS: usize = 600;

/// A session that nobody listens to ends after this time without a question: a client that was left open overnight goes on in
/// the morning, since many do not begin anew when they are told that theirs has ended.
pub const IDLE: Duration = Duration::from_secs(24 * 60 * 60);

/// How often sessions are looked through for such.
const LOOK: Duration = Duration::from_secs(10 * 60);

/// The sessions of a server.
pub struct Sessions {
    manager: Arc<LocalSessionManager>,
    uses: Mutex<Uses>,
    idle: Duration,
}

/// Keeps a session: in a request's extensions while it is worked on, in its answer while that is listened to.
pub struct Hold {
    sessions: Arc<Sessions>,
    id: String,
}

impl Sessions {
    pub fn new(idle: Duration) -> Arc<Sessions> {
        let mut manager = LocalSessionManager::default();
        // It would count neither streams nor work.
        manager.session_config.keep_alive = None;
        Arc::new(Sessions { manager: Arc::new(manager), uses: Mutex::default(), idle })
    }

    pub fn manager(&self) -> Arc<LocalSessionManager> {
        Arc::clone(&self.manager)
    }

    /// Keeps the session of a request, if there is one.
    pub fn hold(self: &Arc<Self>, id: &str) -> Option<Arc<Hold>> {
        self.uses().hold(id).then(|| Arc::new(Hold { sessions: Arc::clone(self), id: id.to_owned() }))
    }

    /// Takes a session in that has begun; `false`: there are too many in use, and it ended.
    pub fn admit(&self, id: &str) -> bool {
        let ended = self.uses().admit(id, Instant::now());
        let is_in = ended.as_deref() != Some(id);
        ended.into_iter().for_each(|ended| self.end(ended));
        is_in
    }

    /// The session has ended.
    pub fn forget(&self, id: &str) {
        self.uses().all.remove(id);
    }

    /// Ends sessions that nobody uses, for ever.
    pub async fn look_after(self: Arc<Self>) {
        loop {
            tokio::time::sleep(LOOK.min(self.idle / 2)).await;
            let unused = self.uses().unused(self.idle, Instant::now());
            unused.into_iter().for_each(|id| self.end(id));
            let there = self.manager.sessions.read().await;
            self.uses().all.retain(|id, _| there.contains_key(id.as_str()));
        }
    }

    /// Without waiting: a session may be about to say something to a client that does not listen.
    fn end(&self, id: String) {
        let manager = self.manager();
        tokio::spawn(async move { manager.close_session(&id.into()).await });
    }

    fn uses(&self) -> MutexGuard<'_, Uses> {
        self.uses.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        self.sessions.uses().release(&self.id, Instant::now());
    }
}

/// How every session is used.
#[derive(Default)]
struct Uses {
    all: HashMap<String, Use>,
}

struct Use {
    /// Requests that are worked on, and streams that are open.
    holds: usize,
    /// Whether anything was asked after its beginning.
    has_asked: bool,
    last: Instant,
}

impl Uses {
    fn hold(&mut self, id: &str) -> bool {
        let Some(session) = self.all.get_mut(id) else { return false };
        session.holds += 1;
        session.has_asked = true;
        true
    }

    fn release(&mut self, id: &str, now: Instant) {
        if let Some(session) = self.all.get_mut(id) {
            session.holds -= 1;
            session.last = now;
        }
    }

    /// Whoever goes for a new one: rather one that never asked anything than one that did, rather one that did so long ago.
    fn admit(&mut self, id: &str, now: Instant) -> Option<String> {
        let unheld = self.all.iter().filter(|(_, session)| session.holds == 0);
        let least = unheld.min_by_key(|(_, session)| (session.has_asked, session.last)).map(|(id, _)| id.clone());
        let ended = (self.all.len() >= SESSIONS).then(|| least.unwrap_or_else(|| id.to_owned()));
        ended.as_ref().map(|ended| self.all.remove(ended));
        if ended.as_deref() != Some(id) {
            self.all.insert(id.to_owned(), Use { holds: 0, has_asked: false, last: now });
        }
        ended
    }

    fn unused(&mut self, idle: Duration, now: Instant) -> Vec<String> {
        let is_unused = |session: &Use| session.holds == 0 && now.duration_since(session.last) >= idle;
        self.all.extract_if(|_, session| is_unused(session)).map(|(id, _)| id).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_listens_or_works_stays_and_who_asked_nothing_goes_first() {
        let (mut uses, begin) = (Uses::default(), Instant::now());
        let at = |second| begin + Duration::from_secs(second);
        for n in 0..SESSIONS {
            assert_eq!(uses.admit(&n.to_string(), at(n as u64)), None);
        }
        assert!(uses.hold("0") && !uses.hold("none"));
        assert!(uses.hold("1"));
        uses.release("1", at(2));
        assert_eq!(uses.admit("new", at(1000)).as_deref(), Some("2"));
        for n in 3..SESSIONS {
            assert_eq!(uses.admit(&format!("new-{n}"), at(1000)), Some(n.to_string()));
        }
        assert!(uses.all.contains_key("0") && uses.all.contains_key("1"));
        let all: Vec<String> = uses.all.keys().cloned().collect();
        all.iter().for_each(|id| assert!(uses.hold(id)));
        assert_eq!(uses.admit("one-too-many", at(2000)).as_deref(), Some("one-too-many"));
        assert_eq!(uses.all.len(), SESSIONS);
    }

    #[test]
    fn a_session_ends_after_a_time_without_use_and_not_while_it_is_used() {
        let (mut uses, begin) = (Uses::default(), Instant::now());
        ["listens", "asked", "quiet"].iter().for_each(|id| assert_eq!(uses.admit(id, begin), None));
        assert!(uses.hold("listens") && uses.hold("asked"));
        uses.release("asked", begin + IDLE / 2);
        assert_eq!(uses.unused(IDLE, begin + IDLE), ["quiet"]);
        assert_eq!(uses.unused(IDLE, begin + 2 * IDLE), ["asked"]);
        assert_eq!(uses.unused(IDLE, begin + 100 * IDLE), [""; 0]);
        uses.release("listens", begin + 100 * IDLE);
        assert_eq!(uses.unused(IDLE, begin + 101 * IDLE), ["listens"]);
    }
}
