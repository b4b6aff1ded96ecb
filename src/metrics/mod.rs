//! Which skills are used, which of them work? Uses of registered projects in one DuckDB file, all local.

mod aggregate;
mod answers;
mod collect;
mod export;
mod health;
mod projects;
mod schema;
mod store;
mod upkeep;

pub use aggregate::Window;
pub use answers::{Compared, Order, Pair, Period, Scope, Top};
pub use collect::Collected;
pub use export::Export;
pub use health::Health;
pub use projects::Project;
pub use store::Store;
