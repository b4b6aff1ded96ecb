//! `skillmesh model`: model packs from published models.

use super::args::{Model, ModelCommand, ModelFile};
use super::{Outcome, print};
use crate::bytes::sha256;
use crate::embed::Embedder;
use crate::embed::import::{ModelFiles, import, to_onnx};
use crate::{Code, Error, Result, host};

pub fn run(args: &Model) -> Result<Outcome> {
    match &args.command {
        ModelCommand::Import(file) => import_pack(file),
        ModelCommand::Onnx(file) => write_onnx(file),
    }
}

fn import_pack(args: &ModelFile) -> Result<Outcome> {
    let pack = import(&source(args)?, args.name.as_deref())?;
    host::write(&args.out, &pack)?;
    let bytes = pack.len();
    let model = Embedder::open(pack)?;
    let (file, name, dimensions) = (args.out.display(), model.name(), model.dimensions());
    print(&format!(
        "Wrote {file}: {name}, {dimensions} dimensions, {bytes} bytes, fingerprint {}\n",
        model.fingerprint()
    ))?;
    Ok(Outcome::Done)
}

fn write_onnx(args: &ModelFile) -> Result<Outcome> {
    let onnx = to_onnx(&source(args)?)?;
    host::write(&args.out, &onnx)?;
    print(&format!("Wrote {}: {} bytes\n", args.out.display(), onnx.len()))?;
    Ok(Outcome::Done)
}

/// The source's files, if their weights are those that were pinned.
fn source(args: &ModelFile) -> Result<ModelFiles> {
    let files = host::read_model_files(&args.source)?;
    let Some(pinned) = &args.sha256 else { return Ok(files) };
    let got = sha256(files.weights()?);
    if got.eq_ignore_ascii_case(pinned) {
        return Ok(files);
    }
    Err(Error::new(Code::ModelCorrupt, "the model's weights have another SHA-256")
        .at(args.source.display().to_string())
        .expected(pinned)
        .got(got)
        .help("download it again, or pin what you trust"))
}
