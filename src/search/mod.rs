//! Which cards answer this query, in which order, and why?

mod allowed;
mod conditions;
mod confidence;
mod filter;
mod fusion;
mod hit;
mod leg;
mod legs;
mod rank;
mod request;
mod retriever;
mod snippet;
mod syntax;

pub use allowed::Allowed;
pub use confidence::{Confidence, Figures, Level, MinConfidence, SHOWN};
pub use filter::{Filter, facet_key};
pub use fusion::Fusion;
pub use hit::{Answer, DenseMatch, Explanation, Ranked, RankedCards, Reason, RetrievalHit, SparseMatch, Summary};
pub use leg::{Leg, Scored};
pub use request::{Mode, Request, query_parts};
pub use retriever::{SkillRetriever, Stats};
pub use snippet::Snippet;
pub use syntax::{Asked, Condition, What};
