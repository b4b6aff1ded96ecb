//! Which cards mean what the query means? Exact cosine search over int8 rows, several to a card.

mod direction;
mod dot;
mod index;
mod row;
mod writer;

pub use direction::{Direction, Towards};
pub use index::{DenseIndex, DenseScore};
pub use row::Row;
pub use writer::{DenseSections, DenseWriter};
