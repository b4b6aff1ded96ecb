//! `skillmesh publish`: registries in, out what agents find on a site.

use indicatif::HumanBytes;
use serde_json::{Value, json};

use super::args::Publish;
use super::progress::Terminal;
use super::{Outcome, build, count, print, print_json};
use crate::host::{Publication, Published, Site, Written};
use crate::publish::{Artifact, BaseUrl, Kind};
use crate::{Code, Error, Result};

/// Names of one kind that are shown.
const NAMES: usize = 20;

pub fn run(args: &Publish) -> Result<Outcome> {
    let base = args.url.as_deref().map(BaseUrl::new).transpose()?.unwrap_or_default();
    let site = Site::of(&args.out);
    let publication = Publication::of(&args.paths, &site)?;
    build::check(&publication.findings, "mend them and run again; what was published before stays as it was")?;
    if publication.skills.is_empty() {
        return Err(nothing());
    }
    let artifacts: Vec<&Artifact> = publication.skills.iter().map(|skill| &skill.artifact).collect();
    let written = site.write(&artifacts, &base, &Terminal::new())?;
    if args.json {
        print_json(&as_json(&site, &publication, &written, &base))?;
    } else {
        print(&text(&site, &publication, &written))?;
    }
    Ok(Outcome::Done)
}

fn nothing() -> Error {
    Error::new(Code::InvalidArgument, "nothing to publish")
        .expected("at least one skill that is neither from a catalogue elsewhere nor published here before")
        .got("none")
        .help("name another path; what was published before stays as it was")
}

fn as_json(site: &Site, publication: &Publication, written: &Written, base: &BaseUrl) -> Value {
    let Publication { skills, left_out, remote, .. } = publication;
    let skill = |skill: &Published| {
        let Published { artifact, id, origin, files, is_rewritten } = skill;
        json!({
            "name": artifact.name,
            "type": artifact.kind,
            "url": base.join(&artifact.path()),
            "digest": artifact.digest(),
            "bytes": artifact.bytes.len(),
            "id": id,
            "from": origin,
            "files": files,
            "rewritten": is_rewritten,
        })
    };
    json!({
        "index": site.index().display().to_string(),
        "skills": skills.iter().map(skill).collect::<Vec<_>>(),
        "written": written.written,
        "removed": written.removed,
        "left": written.left,
        "unchanged": written.unchanged,
        "left_out": left_out,
        "remote": remote,
    })
}

fn text(site: &Site, publication: &Publication, written: &Written) -> String {
    let skills = &publication.skills;
    let archives = skills.iter().filter(|skill| skill.artifact.kind == Kind::Archive).count();
    let bytes = skills.iter().map(|skill| skill.artifact.bytes.len() as u64).sum();
    let rewritten = skills.iter().filter(|skill| skill.is_rewritten).count();
    let (all, archives, bytes) = (count(skills.len(), "skill"), count(archives, "archive"), HumanBytes(bytes));
    let mut text = format!("Published {all} ({archives}) in {}: {bytes}\n", site.index().display());
    let Written { written, removed, left, unchanged } = written;
    text += &format!("{} written, {} removed, {unchanged} unchanged\n", count(written.len(), "file"), removed.len());
    if rewritten > 0 {
        text += &format!("Front matter written anew: {}\n", count(rewritten, "skill"));
    }
    text += &line("Published no more, but changed by somebody and left there", left);
    text + &line("Left out, since hidden", &publication.left_out) + &line("Left out, since remote", &publication.remote)
}

/// The first of them.
fn line(what: &str, names: &[String]) -> String {
    let first = names.iter().take(NAMES).cloned().collect::<Vec<_>>().join(", ");
    match names.len() {
        0 => String::new(),
        all if all > NAMES => format!("{what}: {first} and {} more\n", all - NAMES),
        _ => format!("{what}: {first}\n"),
    }
}
