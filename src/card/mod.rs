//! What is a card? The unit that is found: an expert, a tool, a skill or a role.

mod expert;
mod invocation;

pub use expert::ExpertCard;
