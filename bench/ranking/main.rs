//! What would other formulas do? Measures variants of the ranking, each of which differs from the product in one thing.
//!
//! ```sh
//! cargo run --release --example ranking -- SET_DIR...
//! ```
//!
//! Each `SET_DIR` holds `corpus.jsonl`, `queries.jsonl` and `qrels.tsv`, as `skillmesh eval` reads them; the model is the
//! one that `skillmesh` finds. Prints a Markdown table: nDCG@10 on each set, its mean, and under `both` the mean where a
//! variant of one leg is summed with the product's other leg. The first line of a group is the product itself, asked
//! through its own retriever; the lines after it are made from the parts that the retriever is made of.

mod agree;
mod blend;
mod experiments;
mod keywords;
mod meaning;
mod measure;
mod passages;
mod pool;
mod respell;
mod set;
mod table;
mod weigh;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use skillmesh::embed::Embedder;
use skillmesh::{Code, Error, Result, host};

use experiments::{Group, groups};
use measure::Figures;
use set::Set;

fn main() -> ExitCode {
    let folders: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    match run(&folders) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

fn run(folders: &[PathBuf]) -> Result<()> {
    if folders.is_empty() {
        return Err(Error::new(Code::InvalidArgument, "no set is named")
            .expected("folders with corpus.jsonl, queries.jsonl and qrels.tsv")
            .help("pass one or more"));
    }
    let (model, groups) = (model()?, groups());
    let columns = folders.iter().map(|folder| column(folder, &model, &groups)).collect::<Result<Vec<_>>>()?;
    let names: Vec<String> = folders.iter().map(|folder| set::name(folder)).collect();
    let table = table::markdown(&names, &groups, &columns);
    std::io::stdout()
        .write_all(table.as_bytes())
        .map_err(|e| Error::new(Code::Io, "standard output cannot be written").caused_by(e))
}

fn model() -> Result<Embedder> {
    let found = host::find_model(None).ok_or_else(|| {
        Error::new(Code::NoModel, "no model found").help("set SKILLMESH_MODEL to a model pack; ./build.sh makes one")
    })?;
    host::open_model(&found)
}

/// The figures of every variant on one set, in the order of groups.
fn column(folder: &Path, model: &Embedder, groups: &[Group]) -> Result<Vec<Figures>> {
    eprintln!("{}: embedding, then measuring", folder.display());
    let set = Set::open(folder, model)?;
    agree::check(&set).map_err(|error| error.at(folder.display().to_string()))?;
    let variants = groups.iter().flat_map(|group| &group.variants);
    variants.map(|(_, variant)| measure::figures(&set, variant)).collect()
}
