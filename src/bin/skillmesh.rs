//! The terminal program.

fn main() -> std::process::ExitCode {
    skillmesh::cli::main()
}
