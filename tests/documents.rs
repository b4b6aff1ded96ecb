//! Which documents do files become, in which chunks, and what is said of those that cannot be read?
#![cfg(feature = "documents")]
#![allow(clippy::disallowed_methods, reason = "the test writes folders to read")]

use std::path::Path;

use proptest::prelude::*;
use skillmesh::card::{Chunk, Document};
use skillmesh::chunk::{Anchors, markdown, pages, plain};
use skillmesh::host::{Library, load_documents};
use skillmesh::load::{Finding, Labels, Source, page};
use tempfile::TempDir;

fn read(path: &str, bytes: impl Into<Vec<u8>>) -> (Option<Document>, Vec<Finding>) {
    let labels = Labels { skills: vec!["caller".into()], tags: vec!["given".into()], ..Labels::default() };
    page(&Source { path: path.into(), bytes: bytes.into() }, path, &labels)
}

fn document(path: &str, text: &str) -> Document {
    let (document, findings) = read(path, text);
    assert_eq!(codes(&findings), Vec::<&str>::new());
    document.unwrap()
}

fn codes(findings: &[Finding]) -> Vec<&str> {
    findings.iter().map(|finding| &*finding.code).collect()
}

/// The code of the finding for which a file was refused.
fn refused(path: &str, bytes: impl Into<Vec<u8>>) -> String {
    let (document, findings) = read(path, bytes);
    assert!(document.is_none(), "{document:?}");
    findings.last().unwrap().code.to_string()
}

fn own(chunks: &[Chunk]) -> String {
    chunks.iter().map(Chunk::own).collect()
}

fn places(chunks: &[Chunk]) -> Vec<(String, &str)> {
    chunks.iter().map(|chunk| (chunk.headings.join(" > "), chunk.anchor.as_str())).collect()
}

fn prose(sentences: usize) -> String {
    (0..sentences).map(|number| format!("Sentence number {number} says a thing or two. ")).collect()
}

/// Pieces of Markdown, and of what is none.
fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        "#{1,6} [a-zA-Z é設定]{0,20}( \\{#[a-z]{1,5}\\})?\n",
        "[a-z .]{0,400}\n",
        "[設定読取。！]{0,300}\r\n",
        "```[a-z]{0,4}\n([a-z# ]{0,60}\n){0,40}```\n",
        "\\| a \\| b \\|\n\\|---\\|---\\|\n(\\| [a-z]{0,40} \\| x \\|\n){0,30}",
        "([-*>] {1,4}){0,3}[a-z. ]{0,50}\r\n",
        "[a-z ]{1,20}\n(===|---)\n",
        "<div>\n[a-z]{0,10}\n</div>\n\n",
        "\\[\\^1\\]: [a-z ]{0,20}\n",
        "\\PC{0,80}",
        "[ \t\n\r]{0,5}",
    ]
}

fn check_law(text: &str, chunks: &[Chunk]) -> Result<(), TestCaseError> {
    let mut end = 0;
    for chunk in chunks {
        prop_assert_eq!(chunk.span.start, end);
        prop_assert!(chunk.span.end > end);
        prop_assert_eq!(&chunk.text, &text[end - chunk.overlap..chunk.span.end]);
        prop_assert!(text[end - chunk.overlap..end].chars().count() <= 120);
        end = chunk.span.end;
    }
    prop_assert_eq!(end, text.len());
    Ok(())
}

proptest! {
    #[test]
    fn chunks_follow_one_another_from_the_first_byte_to_the_last(pieces in prop::collection::vec(piece(), 0..25)) {
        let text = pieces.concat();
        check_law(&text, &markdown(&text, Anchors::Slugs))?;
        check_law(&text, &markdown(&text, Anchors::Given))?;
        check_law(&text, &plain(&text))?;
        check_law(&text, &pages(&pieces))?;
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..300), kind in 0usize..5) {
        let path = ["a.md", "a.mdx", "a.html", "a.txt", "a.pdf"][kind];
        let (document, findings) = read(path, bytes);
        prop_assert!(document.is_some() || !findings.is_empty());
    }

    #[test]
    fn any_html_is_read_or_refused(html in "(<(/)?(p|div|table|tr|td|h1 id=[a-z\"}]|ul|li|pre|a name=x|template|svg|b|main)>|[a-z` |<&]{0,9}){0,40}") {
        let (document, findings) = read("a.html", html);
        prop_assert!(document.is_some() || codes(&findings) == ["nothing-to-read"]);
    }
}

#[test]
fn nothing_has_no_chunks() {
    assert_eq!((markdown("", Anchors::Slugs), plain(""), pages(&[String::new()])), (vec![], vec![], vec![]));
}

#[test]
fn a_section_is_a_chunk_under_its_headings() {
    let chunks =
        markdown("Top.\n\n# A\n\n## B\n\nb\n\nC\n=\n\nc\n\n## B\n\n`d`\n\n### E {#own}\n\ne\n", Anchors::Slugs);
    let expected = [("", ""), ("A > B", "b"), ("C", "c"), ("C > B", "b-1"), ("C > B > E", "own")];
    assert_eq!(places(&chunks), expected.map(|(path, anchor)| (path.to_owned(), anchor)));
    assert_eq!(chunks[1].own(), "# A\n\n## B\n\nb\n\n", "a heading without text goes with what follows");
}

#[test]
fn an_anchor_cannot_end_the_attribute_that_it_stands_in() {
    let chunks = markdown("# A {#a\"onclick=alert(1)}\n\nx\n", Anchors::Slugs);
    assert_eq!(chunks[0].anchor, "a%22onclick=alert(1)");
}

#[test]
fn a_rendered_page_has_no_anchors_but_its_own() {
    let chunks = markdown("# A {#a}\n\nx\n\n## B\n\ny\n\n# C\n\nz\n", Anchors::Given);
    assert_eq!(chunks.iter().map(|chunk| chunk.anchor.as_str()).collect::<Vec<_>>(), ["a", "a", ""]);
}

#[test]
fn a_long_section_falls_apart_between_sentences_and_repeats_the_last() {
    let chunks = markdown(&format!("# Long\n\n{}\n", prose(100)), Anchors::Slugs);
    assert!(chunks.len() > 4);
    assert!(chunks.iter().all(|chunk| chunk.headings == ["Long"] && chunk.own().chars().count() < 850));
    assert!(chunks[1..].iter().all(|chunk| chunk.overlap > 20 && chunk.text.starts_with("Sentence number")));
    assert!(chunks.iter().all(|chunk| chunk.own().trim_end().ends_with("two.")));
}

#[test]
fn letters_of_scripts_without_spaces_count_whole() {
    let chunks = markdown(&"設定を読み取る。".repeat(100), Anchors::Slugs);
    assert!(chunks.iter().all(|chunk| chunk.own().chars().count() <= 200 && chunk.own().ends_with('。')));
}

#[test]
fn code_and_tables_are_torn_only_where_they_do_not_fit() {
    let code = |lines: usize| format!("```sh\n{}```\n", "run the thing with care and then again\n".repeat(lines));
    let table = format!("| a | b |\n|---|---|\n{}", "| some words in here | more words |\n".repeat(18));
    let text = format!("# A\n\n{}\n\n{}\n{}\n\n{}\nEnd.\n", prose(12), code(24), prose(12), table);
    let chunks = markdown(&text, Anchors::Slugs);
    assert!(chunks.iter().any(|chunk| chunk.own().contains(&code(24))));
    assert!(chunks.iter().any(|chunk| chunk.own().contains(&table)));
    assert!(
        chunks
            .iter()
            .filter(|chunk| chunk.text.starts_with("```") || chunk.text.starts_with('|'))
            .all(|chunk| chunk.overlap == 0)
    );
    let torn = markdown(&code(200), Anchors::Slugs);
    assert!(torn.len() > 5 && torn.iter().all(|chunk| chunk.overlap == 0 && chunk.own().ends_with('\n')));
}

#[test]
fn front_matter_counts_before_what_the_caller_says() {
    let said = document("a.md", "---\ntitle: T\nskills: [\"a, b\", c]\ntags: x, y\nslug: /p q\n---\n# H\n\nText.\n");
    assert_eq!((said.title.as_str(), said.url.as_str()), ("T", "/p%20q"));
    assert_eq!((said.skills, said.tags), (vec!["a, b".to_owned(), "c".to_owned()], vec!["x, y".to_owned()]));
    let silent = document("guide/a b.md", "# H\n\nText.\n");
    assert_eq!(
        (silent.title.as_str(), silent.url.as_str(), silent.skills.join("")),
        ("H", "guide/a%20b.md", "caller".to_owned())
    );
    assert!(document("a.md", "---\nskills: []\n---\nText.\n").skills.is_empty(), "an empty list is everybody");
    assert_eq!(document("guide/index.md", "Text.").title, "guide");
}

#[test]
fn a_page_that_does_not_say_plainly_who_may_read_it_is_refused() {
    for front in ["skills: {a: b}", "skill: hr", "Skills: [hr]", "skils: hr", "skills: [[a]]"] {
        assert_eq!(refused("a.md", format!("---\n{front}\n---\nSecret.\n")), "skills-unreadable", "{front}");
    }
    let hugo = document("a.md", "+++\ntitle = \"T\"\nskills = [\"hr\"]\n+++\n# H\n\nText.\n");
    assert_eq!(
        (hugo.title.as_str(), hugo.skills.join(""), hugo.chunks[0].text.as_str()),
        ("T", "hr".into(), "# H\n\nText.")
    );
    for front in ["skills = hr\n+++\n", "skills = [\"hr\"]\n"] {
        assert_eq!(refused("a.md", format!("+++\n{front}Secret.\n")), "front-matter-toml", "{front}");
    }
    assert_eq!(refused("a.md", "+++\nskills = { a = 1 }\n+++\nSecret.\n".to_owned()), "skills-unreadable");
}

#[test]
fn a_page_that_was_meant_to_restrict_is_refused_however_it_is_written() {
    let heads = [
        "---\nskills: \"\"\n---\n",
        "---\nskills: [\"\"]\n---\n",
        "---\nskills: [hr, \" \"]\n---\n",
        "---\nskills:\n---\n",
        "---\n- skills: [hr]\n---\n",
        "---\n# mine\nskills: hr\n\n",
        "---\ntitle: T\n\nskills: hr\n\n",
        "---\nskills: hr\n\n",
        "---\ntitle: a: b\n  skills: [hr]\n---\n",
        "---\naccess: {skills: [hr]}\n---\n",
        "---\naccess: {skills: [hr]\n---\n",
        "+++\n[extra]\nskills = [\"hr\"]\n+++\n",
        "----\nskills: hr\n----\n",
        "<!-- mine -->\n---\nskills: hr\n---\n",
        "skills: hr\n---\n",
        "---\nskills: [hr]\nskills: []\n---\n",
        "---\nskills: [hr\n---\n",
        "{\n\"skills\": [\"hr\"]\n}\n",
    ];
    for head in heads {
        assert_eq!(refused("a.md", format!("{head}Secret.\n")), "skills-unreadable", "{head}");
        assert_eq!(refused("a.mdx", format!("{head}Secret.\n")), "skills-unreadable", "{head}");
    }
    for path in ["a.html", "a.txt"] {
        assert_eq!(refused(path, "---\nskills: [hr]\n---\n<p>Secret.\n"), "skills-unreadable", "{path}");
    }
    assert!(document("a.md", "---\ntitle: T\n---\nskills: in the text\n").skills == ["caller"]);
}

#[test]
fn an_address_that_does_something_is_passed_over() {
    let (document, findings) = read("a.md", "---\nurl: javascript:alert(1)\n---\nText.\n");
    assert_eq!((document.unwrap().url.as_str(), codes(&findings)), ("a.md", vec!["type-mismatch"]));
}

#[test]
fn mdx_is_read_without_its_code() {
    let text = "import X from 'x'\nimport Y from 'y'\n\n# A {#own}\n\n<Tabs items={['<a>', \"}\"]}>\nKept, `<Code x={1}>` and 1 < 2.\n\n```js\nimport z\n<Z/>\n```\n</Tabs>\n\n{/* gone */}\n\nexport const m = {}\n\nEnd {gone()}.\n";
    let said = own(&document("a.mdx", text).chunks);
    assert!(said.starts_with("# A {#own}") && said.ends_with("End ."), "{said}");
    assert!(["Kept, `<Code x={1}>` and 1 < 2.", "import z\n<Z/>\n"].iter().all(|kept| said.contains(kept)), "{said}");
    assert!(!["Tabs", "gone", "export", "from"].iter().any(|code| said.contains(code)), "{said}");
}

const SITE: &str = r##"<!doctype html><title> The
    title </title><style>no</style><nav>no</nav><header>no</header>
<main><nav>no</nav><section id="outer"><h1>Maps<a href="#outer">¶</a></h1><p>Draw <b>one</b> &amp; <a href="x">two</a>.</p></section>
<h2><a name="in side"></a>Code</h2><pre><code class="language-rust">fn main() {
    println!("```");
}
</code></pre><h2 id="t">Tables</h2><table><tr><th>a</th><th>b|c</th></tr><tr><td>1<br>2</td><td><code>x</code></td></tr></table>
<h2>No id</h2><ul><li>one<ul><li>inner</li></ul></li><li><p>two</p></li></ul><ol start=3><li>three</ol>
<p hidden>no</p><p aria-hidden=true>no</p><p data-skillmesh-ignore>no</p><p hidden=until-found>found</p><script>no</script>
<template><p>no</p></template><noscript>no</noscript><p># no heading</p><img alt="a picture"></main><footer>no</footer>"##;

#[test]
fn of_html_the_content_is_read() {
    let page = document("guide/index.html", SITE);
    assert_eq!((page.title.as_str(), page.url.as_str()), ("The title", "guide/"));
    let expected = "# Maps {#outer}\n\nDraw one & two.\n\n## Code {#in%20side}\n\n````rust\nfn main() {\n    println!(\"```\");\n}\n````\n\n\
                    ## Tables {#t}\n\n| a | b\\|c |\n| --- | --- |\n| 1 2 | `x` |\n\n## No id\n\n- one\n  - inner\n- two\n\n3. three\n\n\
                    found\n\n\\# no heading\n\na picture";
    assert_eq!(own(&page.chunks), expected);
    let anchors: Vec<&str> = page.chunks.iter().map(|chunk| chunk.anchor.as_str()).collect();
    assert_eq!(anchors, ["outer", "in%20side", "t", "outer"], "a heading without an id is found at the one above");
}

#[test]
fn a_page_without_a_main_part_is_its_articles_or_its_body() {
    let said = |html: &str| own(&document("a.html", html).chunks);
    assert_eq!(
        said("<p>no<article>one<article>inner</article></article><article>two</article>"),
        "one\n\ninner\n\ntwo"
    );
    assert_eq!(said("<header>no</header>a<aside>no</aside><div role=navigation>b</div><footer>no</footer>"), "a\n\nb");
    assert_eq!(said("<main></main><p>a"), "a");
    assert_eq!(
        said("<div><p>broken <b>tags</div></p></b> <td>cell &nope; <"),
        "broken tags\n\ncell &nope; <".replace('<', "\\<")
    );
}

#[test]
fn nesting_costs_neither_the_stack_nor_an_hour() {
    let deep = |tag: &str| tag.repeat(1_000_000);
    assert_eq!(refused("a.html", deep("<div>")), "nested-too-deeply");
    assert_eq!(refused("a.html", deep("<b><p>")), "nested-too-deeply");
    assert_eq!(refused("a.html", deep("<p>a<i>b</i>")), "nested-too-deeply");
    assert!(read("a.html", "<p>a".repeat(100_000)).0.is_some());
    for (path, text) in
        [("a.md", deep(">")), ("a.md", deep("[")), ("a.md", deep("- ")), ("a.mdx", deep("<a")), ("a.mdx", deep("{a"))]
    {
        let (document, findings) = read(path, text);
        assert!(document.is_some() || !findings.is_empty());
    }
}

/// A PDF with these lines on its pages; a page without lines shows nothing.
fn pdf(texts: &[&str]) -> Vec<u8> {
    let kids: String = (0..texts.len()).map(|page| format!("{} 0 R ", 4 + 2 * page)).collect();
    let mut objects = vec![
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        format!("<</Type/Pages/Count {}/Kids[{kids}]>>", texts.len()),
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>".to_owned(),
    ];
    for (page, text) in texts.iter().enumerate() {
        let lines: String = text.lines().map(|line| format!("({line}) Tj 0 -14 Td ")).collect();
        let stream = if lines.is_empty() { String::new() } else { format!("BT /F1 12 Tf 72 700 Td {lines}ET") };
        objects.push(format!(
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Resources<</Font<</F1 3 0 R>>>>/Contents {} 0 R>>",
            5 + 2 * page
        ));
        objects.push(format!("<</Length {}>>stream\n{stream}\nendstream", stream.len()));
    }
    let (mut file, mut offsets) = (String::from("%PDF-1.4\n"), String::from("0000000000 65535 f \n"));
    for (number, object) in objects.iter().enumerate() {
        offsets += &format!("{:010} 00000 n \n", file.len());
        file += &format!("{} 0 obj\n{object}\nendobj\n", number + 1);
    }
    let (start, size) = (file.len(), objects.len() + 1);
    file += &format!("xref\n0 {size}\n{offsets}trailer\n<</Size {size}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n");
    file.into_bytes()
}

#[test]
fn the_pages_of_a_pdf_are_places() {
    let (document, findings) = read("a/leave.pdf", pdf(&["Thirty days\nof leave.", "", "# Ask first."]));
    let document = document.unwrap();
    assert_eq!((document.title.as_str(), document.url.as_str(), codes(&findings)), ("leave", "a/leave.pdf", vec![]));
    assert_eq!(places(&document.chunks), [("Page 1".to_owned(), "page=1"), ("Page 3".to_owned(), "page=3")]);
    assert_eq!(own(&document.chunks), "Thirty days\nof leave.\n\n# Ask first.\n\n");
}

#[test]
fn a_pdf_that_says_nothing_is_reported() {
    assert_eq!(refused("a.pdf", pdf(&["", ""])), "nothing-to-read");
    assert_eq!(refused("a.pdf", "%PDF-1.7\nnothing"), "pdf-broken");
    let cut = pdf(&["Text."]);
    assert!(read("a.pdf", &cut[..cut.len() / 2]).0.is_none());
    let nested = format!("%PDF-1.4\n1 0 obj\n{}\nendobj\ntrailer\n<</Root 1 0 R>>\n", "[".repeat(1_000_000));
    assert!(read("a.pdf", nested).0.is_none());
}

#[test]
fn what_cannot_be_read_is_named() {
    assert_eq!(refused("a.md", vec![b'a'; (20 << 20) + 1]), "too-large");
    assert_eq!(refused("a.txt", b"GIF89a\0\0".to_vec()), "binary");
    assert_eq!(refused("a.png", "x"), "unknown-kind");
    assert_eq!(["a.md", "a.txt", "a.html", "a.mdx"].map(|path| refused(path, "  \n")), ["nothing-to-read"; 4]);
    let (document, findings) = read("a.txt", b"caf\xe9\r\nau lait".to_vec());
    assert_eq!(
        (own(&document.unwrap().chunks).as_str(), codes(&findings)),
        ("caf\u{fffd}\nau lait", vec!["invalid-utf8"])
    );
}

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let file = folder.path().join(name);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, text).unwrap();
    }
    folder
}

fn load(paths: &[&Path]) -> Library {
    load_documents(&paths.iter().map(|path| path.to_path_buf()).collect::<Vec<_>>(), &Labels::default()).unwrap()
}

fn paths(library: &Library) -> Vec<&str> {
    library.documents.iter().map(|document| document.path.as_str()).collect()
}

#[test]
fn a_folder_is_read_in_order_without_what_is_ignored_or_hidden() {
    let folder = folder(&[
        (".gitignore", "draft*\n"),
        ("b.md", "b"),
        ("a/z.txt", "z"),
        ("draft.md", "no"),
        (".hidden/x.md", "no"),
        ("1.png", "p"),
        ("2.PNG", "p"),
        ("empty.md", ""),
    ]);
    let library = load(&[folder.path()]);
    assert_eq!(
        (paths(&library), codes(&library.findings)),
        (vec!["a/z.txt", "b.md"], vec!["nothing-to-read", "unknown-kind"])
    );
    assert!(library.findings[1].message.contains("got 2 with `.png`"), "{}", library.findings[1]);
    assert_eq!(
        library.skipped.iter().map(|(code, files)| (&**code, *files)).collect::<Vec<_>>(),
        [("nothing-to-read", 1), ("unknown-kind", 2)]
    );
}

#[test]
fn each_named_path_is_a_root_and_a_path_stands_for_one_document() {
    let folder =
        folder(&[(".gitignore", "site/\n"), ("site/a.html", "a"), ("docs/a.html", "other"), ("docs/b.md", "b")]);
    let (site, docs) = (folder.path().join("site"), folder.path().join("docs"));
    let library = load(&[&docs, &site, &docs.join("b.md")]);
    assert_eq!(paths(&library), ["b.md", "docs/a.html", "site/a.html"], "both stay, by the names of their folders");
    assert_eq!(library.documents, load(&[&site, &docs]).documents, "in whatever order they are named");
    assert_eq!(paths(&load(&[&site.join("a.html")])), ["a.html"]);
    assert!(load_documents(&[folder.path().join("gone")], &Labels::default()).is_err());
    assert!(load_documents(&[folder.path().join(".gitignore")], &Labels::default()).is_err());
}

#[test]
fn no_file_takes_the_place_of_another() {
    let folder = folder(&[("a/docs/x.md", "---\nskills: hr\n---\nPay."), ("b/docs/x.md", "All.")]);
    let roots = ["a/docs", "b/docs"].map(|root| folder.path().join(root)).to_vec();
    let error = load_documents(&roots, &Labels::default()).unwrap_err().to_string();
    assert!(error.contains("`docs/x.md`") && error.contains("name the folder around both"), "{error}");
}

#[test]
#[cfg(unix)]
fn links_lead_nowhere() {
    use std::os::unix::fs::symlink;
    let outside = folder(&[("secret.md", "secret")]);
    let folder = folder(&[("a.md", "a")]);
    symlink(folder.path(), folder.path().join("loop")).unwrap();
    symlink(outside.path().join("secret.md"), folder.path().join("b.md")).unwrap();
    symlink("a.md", folder.path().join("c.png")).unwrap();
    let library = load(&[folder.path()]);
    assert_eq!((paths(&library), codes(&library.findings)), (vec!["a.md"], vec!["link-skipped", "link-skipped"]));
}

#[test]
fn a_large_file_is_not_even_read_and_the_rest_is() {
    let folder = folder(&[("a.md", "a")]);
    std::fs::File::create(folder.path().join("b.md")).unwrap().set_len(21 << 20).unwrap();
    let library = load(&[folder.path()]);
    assert_eq!((paths(&library), codes(&library.findings)), (vec!["a.md"], vec!["too-large"]));
}

/// The real collection, where it stands beside the checkout or where `SKILLMESH_SHARED` says.
#[test]
fn each_file_of_a_real_collection_is_a_document_and_the_same_twice() {
    let beside = std::env::var_os("SKILLMESH_SHARED").map_or_else(|| "../shared".into(), std::path::PathBuf::from);
    let folder = beside.join("skills");
    if !folder.is_dir() {
        return eprintln!("skipped: no collection beside the checkout");
    }
    let start = std::time::Instant::now();
    let library = load(&[&folder]);
    let chunks: Vec<&Chunk> = library.documents.iter().flat_map(|document| &document.chunks).collect();
    eprintln!("{} documents, {} chunks in {:?}", library.documents.len(), chunks.len(), start.elapsed());
    eprintln!("{:?}, median {} bytes", library.skipped, {
        let mut sizes: Vec<usize> = chunks.iter().map(|chunk| chunk.text.len()).collect();
        sizes.sort_unstable();
        sizes[sizes.len() / 2]
    });
    assert!(library.documents.len() > 1000);
    assert!(
        chunks.iter().all(|chunk| chunk.own().chars().count() <= 1250),
        "half a table more than the budget at most"
    );
    assert_eq!(library.documents, load(&[&folder]).documents);
}

#[test]
fn an_audience_learns_no_other_skill() {
    let folder = folder(&[
        ("both.md", "---\nskills: [hr, legal]\n---\nBoth."),
        ("hr.md", "---\nskills: hr\n---\nPay."),
        ("all.md", "---\nskills: []\n---\nAll."),
    ]);
    let documents: Vec<Document> =
        load(&[folder.path()]).documents.into_iter().filter_map(|document| document.seen_by("legal")).collect();
    assert_eq!(documents.iter().map(|document| document.path.as_str()).collect::<Vec<_>>(), ["all.md", "both.md"]);
    assert!(!format!("{documents:?}").contains("hr"));
}

#[test]
fn a_named_folder_is_read_also_where_the_project_ignores_it() {
    let project = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| {
        let file = project.path().join(path);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, text).unwrap();
    };
    write(".gitignore", "dist/*\nnode_modules\n");
    write("dist/index.html", "<main><h1>Home</h1><p>Hello.</p></main>");
    write("docs/a.md", "Text. <!-- secret -->\n\n<!--\nmore secrets\n-->\n");
    write("docs/node_modules/b.md", "Not ours.");
    let paths = |folder: &str| -> Vec<String> {
        let library = load_documents(&[project.path().join(folder)], &Labels::default()).unwrap();
        assert!(library.documents.iter().all(|d| d.chunks.iter().all(|c| !c.text.contains("secret"))));
        library.documents.into_iter().map(|document| document.path).collect()
    };
    assert_eq!(paths("dist"), ["index.html"]);
    assert_eq!(paths("docs"), ["a.md"]);
}
