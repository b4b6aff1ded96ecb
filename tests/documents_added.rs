//! Does one document come into a snapshot while all others stay for whom, and as what, they were ingested?
#![cfg(feature = "cli")]
#![allow(clippy::disallowed_methods, reason = "the test writes folders to read")]

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use skillmesh::card::{Access, Document};
use skillmesh::embed::Embedder;
use skillmesh::host::{self, Added, KeptDocuments, Listener, NewDocument};
use skillmesh::index::{DocumentEdits, DocumentPlan};
use skillmesh::load::Labels;
use skillmesh::search::{DocumentRequest, DocumentRetriever};
use skillmesh::snapshot::{ModelInfo, Ranking};
use skillmesh::{Code, Result};
use tempfile::TempDir;

/// A folder with a folder of documents, and a snapshot beside it.
struct Site {
    folder: TempDir,
}

impl Site {
    fn new(files: &[(&str, &str)]) -> Site {
        let site = Site { folder: tempfile::tempdir().unwrap() };
        files.iter().for_each(|(name, text)| site.put(name, text));
        site
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn put(&self, name: &str, text: &str) {
        std::fs::create_dir_all(self.at(name).parent().unwrap()).unwrap();
        std::fs::write(self.at(name), text).unwrap();
    }

    fn snapshot(&self) -> PathBuf {
        self.at("docs.msgpack")
    }

    fn bytes(&self) -> Vec<u8> {
        std::fs::read(self.snapshot()).unwrap()
    }

    /// What `skillmesh ingest` writes of these paths with these labels, for this audience.
    fn ingest(&self, paths: &[&str], labels: &Labels, audience: Option<&str>) -> Vec<Document> {
        let paths: Vec<PathBuf> = paths.iter().map(|path| self.at(path)).collect();
        let documents = host::load_documents(&paths, labels).unwrap().documents.into_iter();
        let documents: Vec<Document> = match audience {
            Some(skill) => documents.filter_map(|document| document.seen_by(skill)).collect(),
            None => documents.collect(),
        };
        host::write(&self.snapshot(), &build(documents.clone())).unwrap();
        documents
    }

    fn add(&self, path: &str, text: &str) -> Result<Added> {
        self.add_with(path, text, false, &())
    }

    fn replace(&self, path: &str, text: &str) -> Result<Added> {
        self.add_with(path, text, true, &())
    }

    fn add_with(&self, path: &str, text: &str, replace: bool, listener: &dyn Listener) -> Result<Added> {
        let (snapshot, folder) = (self.snapshot(), self.at("docs"));
        let new = NewDocument::new(&folder, path, text, replace)?;
        KeptDocuments { snapshot: &snapshot, folder: &folder }.add(&new, &no_model, listener)
    }

    fn documents(&self) -> Vec<Document> {
        DocumentRetriever::open(self.bytes()).unwrap().whole().unwrap()
    }

    /// The paths that are found by whoever may see all, or only what these skills may.
    fn found(&self, query: &str, skills: Option<&[&str]>) -> Vec<String> {
        let access = skills.map_or(Access { all: true, ..Access::default() }, Access::of);
        let docs = DocumentRetriever::open(self.bytes()).unwrap();
        let answer = docs.search(&DocumentRequest { access, ..DocumentRequest::new(query) }).unwrap();
        answer.pages.into_iter().map(|page| page.path).collect()
    }

    /// Adding this is refused for this, and leaves everything as it was.
    fn refuses(&self, path: &str, text: &str, replace: bool, why: &str) {
        let (before, file) = (self.bytes(), std::fs::read(self.at("docs").join(path)).ok());
        let error = self.add_with(path, text, replace, &()).map(drop).unwrap_err().to_string();
        assert!(error.contains(why), "{error}");
        assert_eq!(std::fs::read(self.at("docs").join(path)).ok(), file, "{path}");
        assert!(self.bytes() == before);
    }
}

fn build(documents: Vec<Document>) -> Vec<u8> {
    DocumentPlan::new(documents).unwrap().compile(None, Ranking::default()).unwrap()
}

fn no_model(_: &ModelInfo) -> Result<Arc<Embedder>> {
    panic!("nothing has to be embedded")
}

const TAKEN: &str = "there is a document of this path";
const IRREPLACEABLE: &str = "the document of this path cannot be replaced";

fn planner() -> Labels {
    Labels { collection: "default".into(), skills: vec!["planner".into()], ..Labels::default() }
}

fn all() -> Labels {
    Labels { collection: "default".into(), ..Labels::default() }
}

#[test]
fn what_an_audience_does_not_get_stays_out_of_its_file() {
    let site = Site::new(&[
        ("docs/guide.md", "# Guide\n\nThe guide to the moon.\n"),
        ("docs/secret/plan.md", "---\nskills: [planner]\n---\n# Plan\n\nThe plan for the moon.\n"),
    ]);
    site.ingest(&["docs"], &all(), Some("code"));
    site.add("a.md", "# A\n\nThe first moon.\n").unwrap();
    assert_eq!(site.found("moon", None), ["a.md", "guide.md"]);
    site.refuses("secret/plan.md", "# Mine\n\nMine.\n", false, TAKEN);
    site.refuses("secret/plan.md", "# Mine\n\nMine.\n", true, IRREPLACEABLE);
}

#[test]
fn documents_that_were_named_from_another_folder_keep_their_readers() {
    let site = Site::new(&[("docs/x.md", "# X\n\nThe moon.\n"), ("docs/deep/y.md", "# Y\n\nThe moon.\n")]);
    let base = Labels { base_url: "https://example.org".into(), ..planner() };
    let before = site.ingest(&["."], &base, None);
    let added = site.add("new.md", "---\nskills: [writer]\n---\n# New\n\nThe moon.\n").unwrap();
    assert_eq!(added.path, "docs/new.md", "as the next ingest will name it");
    assert_eq!(site.found("moon", Some(&["writer"])), ["docs/new.md"]);
    let after = site.documents();
    let kept = |document: &&Document| document.path != "docs/new.md";
    assert_eq!(after.iter().filter(kept).collect::<Vec<_>>(), before.iter().collect::<Vec<_>>());
    assert_eq!(
        after.iter().find(|document| document.path == "docs/new.md").unwrap().url,
        "https://example.org/docs/new.md"
    );

    let site =
        Site::new(&[("docs/x.md", "# X\n\nOne.\n"), ("other/x.md", "# X\n\nTwo.\n"), ("other/y.md", "# Y\n\nYes.\n")]);
    let before = site.ingest(&["docs", "other"], &planner(), None);
    site.refuses("x.md", "# X\n\nThree.\n", false, TAKEN);
    assert_eq!(site.replace("x.md", "# X\n\nThree.\n").unwrap().path, "docs/x.md");
    assert_eq!(site.found("three", Some(&["planner"])), ["docs/x.md"]);
    assert_eq!(site.found("three", Some(&["other"])), Vec::<String>::new());
    assert_eq!(site.documents()[1..], before[1..]);
}

#[test]
fn what_another_program_wrote_meanwhile_is_not_undone() {
    let site = Site::new(&[("docs/x.md", "# X\n\nThe moon.\n")]);
    site.ingest(&["docs"], &all(), None);
    // The stricter one is read, not what somebody opened before.
    site.ingest(&["docs"], &planner(), None);
    site.add("a.md", "---\nskills: [writer]\n---\n# A\n\nThe moon.\n").unwrap();
    assert_eq!(site.found("moon", Some(&["writer"])), ["a.md"]);
    assert_eq!(site.found("moon", Some(&["planner"])), ["x.md"]);
    // One that comes between reading and writing stays, and the document does not.
    struct Meddler<'a>(&'a Site);
    impl Listener for Meddler<'_> {
        fn is_wanted(&self) -> bool {
            self.0.ingest(&["docs"], &Labels { collection: "new".into(), ..planner() }, None);
            true
        }
    }
    let error =
        site.add_with("b.md", "---\nskills: [writer]\n---\n# B\n\nB.\n", false, &Meddler(&site)).map(drop).unwrap_err();
    assert!(error.to_string().contains("another program replaced the snapshot meanwhile"), "{error}");
    assert!(!site.at("docs/b.md").exists());
    assert!(site.documents().iter().all(|document| document.collection == "new" && document.path != "b.md"));
}

#[test]
fn labels_stay_and_the_new_one_takes_those_of_the_set() {
    let site = Site::new(&[
        ("docs/x.md", "# X\n\nThe moon.\n"),
        ("docs/y.md", "---\nurl: https://other.org/y\ntags: [own]\n---\n# Y\n\nThe moon.\n"),
        ("docs/z.md", "# Z\n\nThe moon.\n"),
    ]);
    let labels = Labels {
        collection: "handbook".into(),
        tags: vec!["x".into()],
        base_url: "https://example.org/docs/".into(),
        ..Labels::default()
    };
    let before = site.ingest(&["docs"], &labels, None);
    site.add("a b.md", "# A\n\nA.\n").unwrap();
    let after = site.documents();
    assert_eq!(after[1..], before[..]);
    let Document { collection, url, tags, .. } = &after[0];
    assert_eq!((collection.as_str(), url.as_str(), tags.len()), ("handbook", "https://example.org/docs/a%20b.md", 0));
    // One that is replaced keeps what it was given, and loses what it said itself.
    site.replace("x.md", "# X\n\nThe sun.\n").unwrap();
    site.replace("y.md", "# Y\n\nThe sun.\n").unwrap();
    let after = site.documents();
    let told: Vec<_> = after[1..3].iter().map(|d| (d.collection.as_str(), d.url.as_str(), d.tags.join(" "))).collect();
    assert_eq!(told[0], ("handbook", "https://example.org/docs/x.md", "x".to_owned()));
    assert_eq!((told[1].0, told[1].2.as_str()), ("handbook", ""));
    assert_eq!(after[3], before[2]);
}

#[test]
fn documents_of_other_folders_stay() {
    let site = Site::new(&[("docs/x.md", "# X\n\nThe moon.\n"), ("more/y.md", "# Y\n\nThe moon.\n")]);
    site.ingest(&["docs", "more"], &all(), None);
    site.add("new.md", "# New\n\nThe moon.\n").unwrap();
    assert_eq!(site.found("moon", Some(&[])), ["new.md", "x.md", "y.md"]);
    site.refuses("y.md", "# Y\n\nMine.\n", false, TAKEN);
    site.refuses("y.md", "# Y\n\nMine.\n", true, IRREPLACEABLE);
}

#[test]
fn the_snapshot_is_what_an_ingest_would_write() {
    let site =
        Site::new(&[("docs/b.md", "# B\n\nOne.\n\n## C\n\nTwo.\n"), ("docs/d.html", "<main><h1>D</h1>Three.</main>")]);
    site.ingest(&["docs"], &all(), None);
    site.add("c/e.md", "---\ntags: [t]\n---\n# E\n\nFour.\n").unwrap();
    site.replace("b.md", "# B\n\nFive.\n").unwrap();
    let added = site.bytes();
    site.ingest(&["docs"], &all(), None);
    assert!(added == site.bytes());
}

#[test]
fn nobody_replaces_what_is_for_others_or_was_written_since() {
    let secret = "---\nskills: [planner]\n---\n# Plan\n\nThe plan.\n";
    let site = Site::new(&[("docs/plan.md", secret), ("docs/open.md", "# Open\n\nOpen.\n")]);
    site.ingest(&["docs"], &all(), None);
    site.refuses("plan.md", "# Plan\n\nMine.\n", true, IRREPLACEABLE);
    site.refuses("plan.md", "---\nskills: [writer]\n---\n# Plan\n\nMine.\n", true, IRREPLACEABLE);
    site.refuses("open.md", "---\nskills: [writer]\n---\n# Open\n\nMine.\n", true, IRREPLACEABLE);
    site.replace("plan.md", "---\nskills: [planner]\n---\n# Plan\n\nOurs.\n").unwrap();
    site.put("docs/open.md", "# Open\n\nAn hour's work.\n");
    site.refuses("open.md", "# Open\n\nMine.\n", true, IRREPLACEABLE);
}

#[test]
fn what_somebody_writes_while_passages_are_embedded_stays() {
    struct Author<'a>(&'a Site, &'a str);
    impl Listener for Author<'_> {
        fn is_wanted(&self) -> bool {
            self.0.put(self.1, "# Theirs\n\nTheirs.\n");
            true
        }
    }
    let site = Site::new(&[("docs/x.md", "# X\n\nX.\n")]);
    site.ingest(&["docs"], &all(), None);
    let before = site.bytes();
    for (path, replace) in [("x.md", true), ("new.md", false)] {
        let file = format!("docs/{path}");
        let error = site.add_with(path, "# Mine\n\nMine.\n", replace, &Author(&site, &file)).map(drop).unwrap_err();
        assert!(error.to_string().contains("somebody else wrote the document meanwhile"), "{error}");
        assert_eq!(std::fs::read_to_string(site.at(&file)).unwrap(), "# Theirs\n\nTheirs.\n");
    }
    assert!(site.bytes() == before);
}

#[test]
fn a_file_is_written_though_the_snapshot_needs_no_change() {
    let site = Site::new(&[("docs/x.md", "---\nauthor: A\n---\n# X\n\nX.\n")]);
    site.ingest(&["docs"], &all(), None);
    let before = site.bytes();
    site.replace("x.md", "---\nauthor: B\n---\n# X\n\nX.\n").unwrap();
    assert!(site.bytes() == before);
    assert!(std::fs::read_to_string(site.at("docs/x.md")).unwrap().contains("author: B"));
}

#[test]
fn a_text_for_nobody_in_particular_does_not_come_among_those_for_few() {
    let site = Site::new(&[("docs/x.md", "# X\n\nThe moon.\n")]);
    site.ingest(&["docs"], &planner(), None);
    site.refuses("a.md", "# A\n\nA.\n", false, "every document here is for certain skills");
    site.add("a.md", "---\nskills: [planner]\n---\n# A\n\nA.\n").unwrap();
}

#[test]
fn a_document_that_would_not_be_found_is_taken_back() {
    let site = Site::new(&[
        ("docs/x.md", "# X\n\nX.\n"),
        ("docs/.gitignore", "drafts/\n*.txt\n"),
        ("docs/sub/.ignore", "no.md\n"),
    ]);
    site.ingest(&["docs"], &all(), None);
    for path in ["drafts/deep/a.md", "a.txt", "sub/no.md"] {
        site.refuses(path, "# A\n\nA.\n", false, "the document would not be found in the folder");
    }
    assert!(!site.at("docs/drafts").exists(), "nor do its folders stay");
    site.add("sub/yes.md", "# A\n\nA.\n").unwrap();
}

#[test]
fn a_folder_that_ignore_files_name_is_meant_when_it_is_named() {
    let site = Site::new(&[(".gitignore", "docs/\n"), ("docs/x.md", "# X\n\nX.\n")]);
    site.ingest(&["docs"], &all(), None);
    site.add("a.md", "# A\n\nA.\n").unwrap();
}

#[test]
fn the_same_text_again_changes_nothing_and_what_was_half_done_is_done() {
    let site = Site::new(&[("docs/x.md", "# X\n\nX.\n")]);
    site.ingest(&["docs"], &all(), None);
    site.add("a.md", "# A\n\nA.\n").unwrap();
    let before = site.bytes();
    site.add("a.md", "# A\n\nA.\n").unwrap();
    assert!(site.bytes() == before);
    // As after a crash between the two files.
    site.put("docs/b.md", "# B\n\nB.\n");
    site.refuses("b.md", "# B\n\nOther.\n", true, IRREPLACEABLE);
    site.add("b.md", "# B\n\nB.\n").unwrap();
    assert_eq!(site.documents().len(), 3);
}

#[cfg(unix)]
#[test]
fn where_the_snapshot_cannot_be_written_no_document_stays() {
    struct Thief<'a>(&'a Path);
    impl Listener for Thief<'_> {
        fn is_wanted(&self) -> bool {
            // A folder cannot be replaced by a file.
            drop(std::fs::create_dir_all(self.0.join("inside")));
            true
        }
    }
    let site = Site::new(&[("docs/x.md", "# X\n\nX.\n")]);
    site.ingest(&["docs"], &all(), None);
    let (before, blocked) = (site.bytes(), site.at("docs.msgpack.new"));
    let failed = site.add_with("a.md", "# A\n\nA.\n", false, &Thief(&blocked));
    assert_eq!(failed.map(drop).unwrap_err().code(), Code::Io);
    let failed = site.add_with("x.md", "# X\n\nY.\n", true, &Thief(&blocked));
    assert_eq!(failed.map(drop).unwrap_err().code(), Code::Io);
    assert!(!site.at("docs/a.md").exists());
    assert_eq!(std::fs::read_to_string(site.at("docs/x.md")).unwrap(), "# X\n\nX.\n", "what was there came back");
    assert!(site.bytes() == before);
    std::fs::remove_dir_all(&blocked).unwrap();
    site.add("a.md", "# A\n\nA.\n").unwrap();
}

#[test]
fn who_has_gone_gets_nothing_written() {
    struct Gone;
    impl Listener for Gone {
        fn is_wanted(&self) -> bool {
            false
        }
    }
    let site = Site::new(&[("docs/x.md", "# X\n\nX.\n")]);
    site.ingest(&["docs"], &all(), None);
    let before = site.bytes();
    let error = site.add_with("a.md", "# A\n\nA.\n", false, &Gone).map(drop).unwrap_err();
    assert!(error.to_string().contains("adding the document was cancelled"), "{error}");
    assert!(!site.at("docs/a.md").exists() && site.bytes() == before);
}

#[test]
fn what_another_version_wrote_is_not_changed() {
    let site = Site::new(&[("docs/x.md", "# X\n\nX.\n")]);
    site.ingest(&["docs"], &all(), None);
    let builder = skillmesh::snapshot::BUILDER.as_bytes();
    let mut bytes = site.bytes();
    let at = bytes.windows(builder.len()).position(|part| part == builder).unwrap();
    bytes[at] ^= 1;
    host::write(&site.snapshot(), &bytes).unwrap();
    site.refuses("a.md", "# A\n\nA.\n", false, "");
}

/// Vectors that stand for a model's: what counts is which passages are asked for.
fn vector(text: &str) -> Vec<f32> {
    vec![text.len() as f32, text.bytes().map(f32::from).sum(), 1.0]
}

fn info() -> ModelInfo {
    ModelInfo { name: "m".into(), fingerprint: "f".into(), dimensions: 3 }
}

fn dense(documents: Vec<Document>) -> Vec<u8> {
    let plan = DocumentPlan::new(documents).unwrap();
    let vectors = plan.passages().iter().map(|texts| texts.iter().map(|text| vector(text)).collect()).collect();
    plan.compile(Some((info(), vectors)), Ranking { dense_weight: 0.5, ..Ranking::default() }).unwrap()
}

#[test]
fn only_new_passages_are_embedded_and_the_rest_is_what_a_build_makes() {
    let site = Site::new(&[("docs/b.md", "# B\n\nOne.\n\n## C\n\nTwo.\n"), ("docs/d.md", "# D\n\nThree.\n")]);
    let mut documents = site.ingest(&["docs"], &all(), None);
    let mut edits = DocumentEdits::of(&DocumentRetriever::open(dense(documents.clone())).unwrap()).unwrap();
    assert!(edits.unembedded().is_empty());
    site.put("docs/b.md", "# B\n\nOne.\n\n## C\n\nFour.\n");
    site.put("docs/a.md", "# A\n\nFive.\n");
    let after = site.ingest(&["docs"], &all(), None);
    after[..2].iter().for_each(|document| edits.put(document.clone()));
    let new = edits.unembedded();
    assert_eq!(new.iter().map(String::as_str).collect::<Vec<_>>(), ["A\n\nFive.", "B. C\n\nFour."]);
    assert_eq!(edits.learn("A".into(), &[1.0]).unwrap_err().code(), Code::InvalidArgument);
    new.into_iter().for_each(|text| edits.learn(text.clone(), &vector(&text)).unwrap());
    documents = after;
    assert!(edits.compile().unwrap() == dense(documents));
}

#[test]
fn one_after_the_other_loses_none() {
    let site = Site::new(&[("docs/x.md", "# X\n\nX.\n")]);
    site.ingest(&["docs"], &all(), None);
    let waited = AtomicUsize::new(0);
    struct Waiting<'a>(&'a AtomicUsize);
    impl Listener for Waiting<'_> {
        fn waiting(&self, _: &Path) -> bool {
            self.0.fetch_add(1, Ordering::SeqCst);
            true
        }
    }
    std::thread::scope(|threads| {
        for number in 0..8 {
            let (site, waited) = (&site, &waited);
            threads.spawn(move || {
                let added =
                    site.add_with(&format!("{number}.md"), &format!("# N\n\n{number}.\n"), false, &Waiting(waited));
                assert!(added.unwrap().documents.documents() > 1);
            });
        }
    });
    assert_eq!(site.documents().len(), 9);
}
