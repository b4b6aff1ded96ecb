//! What can be typed after `skillmesh metrics`?

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

#[derive(Args)]
#[command(arg_required_else_help = true)]
pub struct Metrics {
    #[command(subcommand)]
    pub command: MetricsCommand,
    /// The database [default: $SKILLMESH_METRICS, else metrics.duckdb in the user's data folder]
    #[arg(long, global = true, value_name = "FILE")]
    pub db: Option<PathBuf>,
    /// Print the result as JSON
    #[arg(long, global = true)]
    pub json: bool,
}

#[derive(Subcommand)]
pub enum MetricsCommand {
    /// Count a project's uses from now on
    Register(Register),
    /// Count a project's uses no longer
    Unregister {
        /// The project's folder, name or id
        project: PathBuf,
        /// Delete what was collected of it
        #[arg(long)]
        forget: bool,
    },
    /// List the registered projects
    Projects {
        /// Print where they lie
        #[arg(long)]
        paths: bool,
    },
    /// Read the uses that projects have written down
    Collect(Collect),
    /// Bring the figures of windows up to date, as every question does for its own
    Aggregate {
        /// Which windows; may be repeated [default: all four]
        #[arg(long, value_enum)]
        window: Vec<WindowArg>,
    },
    /// Print the skills that stand first
    Top(TopArgs),
    /// Print how well a skill does, and what to do about it
    Effectiveness {
        /// The skill's name
        skill: String,
    },
    /// Print a skill's figures project by project
    Compare {
        /// The skill's name
        skill: String,
    },
    /// Print the figures of one window after the other
    Trends(Trends),
    /// Print the skills that are used in the same sessions
    Pairs {
        /// How many pairs at most
        #[arg(long, default_value_t = 20)]
        limit: usize,
    },
    /// Delete old uses for good, and what they add to the figures
    Prune {
        /// Keep the uses of so many days
        #[arg(long, default_value_t = 90, value_parser = clap::value_parser!(u32).range(..=36_500))]
        days: u32,
    },
    /// Say whether everything is registered, collected and up to date
    Health,
    /// Print all figures as JSON that may be shown to others: without paths, sessions, times and queries
    Export {
        /// Print where the projects lie
        #[arg(long)]
        paths: bool,
        /// Print what users asked
        #[arg(long)]
        include_queries: bool,
    },
}

#[derive(Args)]
pub struct Register {
    /// The project's folder, which holds .session-buddy/skill_metrics.json
    pub path: PathBuf,
    /// What it is called
    pub name: String,
    /// What it is, such as cli, library or web
    #[arg(value_name = "TYPE")]
    pub kind: String,
    /// Where a known project lay before, so that its uses stay its own
    #[arg(long, value_name = "PATH")]
    pub moved_from: Option<PathBuf>,
}

#[derive(Args)]
pub struct Collect {
    /// The project's folder, name or id [default: all projects that are registered]
    pub project: Option<PathBuf>,
    /// All projects, said aloud
    #[arg(long, conflicts_with = "project")]
    pub all: bool,
}

#[derive(Args)]
pub struct TopArgs {
    /// Of which window, the latest one
    #[arg(long, value_enum, default_value_t = WindowArg::All)]
    pub window: WindowArg,
    /// Of one project, by name or id [default: all together]
    #[arg(long, value_name = "NAME")]
    pub project: Option<String>,
    /// What stands first
    #[arg(long, value_enum, default_value_t = OrderArg::Uses)]
    pub by: OrderArg,
    /// How many skills at most
    #[arg(long, default_value_t = 10)]
    pub limit: usize,
}

#[derive(Args)]
pub struct Trends {
    /// The skill's name [default: every skill]
    pub skill: Option<String>,
    /// Of which windows
    #[arg(long, value_enum, default_value_t = WindowArg::Weekly)]
    pub window: WindowArg,
    /// Of one project, by name or id [default: all together]
    #[arg(long, value_name = "NAME")]
    pub project: Option<String>,
    /// How many windows at most, the latest
    #[arg(long, default_value_t = 12)]
    pub limit: usize,
}

#[derive(Clone, Copy, ValueEnum)]
pub enum WindowArg {
    Daily,
    Weekly,
    Monthly,
    All,
}

#[derive(Clone, Copy, ValueEnum)]
pub enum OrderArg {
    /// The most used
    Uses,
    /// The most surely successful
    Success,
    /// Those after which most is left to do
    FollowUps,
    /// The slowest
    Duration,
}
