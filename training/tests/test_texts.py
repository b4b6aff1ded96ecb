"""Do sources say what they hold? Runs without anything installed, but for manuals, which need lxml:
`python3 -m unittest discover -s training/tests -t training`."""

import doctest
import importlib.util
import json
import random
import re
import tempfile
import unittest
from pathlib import Path

from mini import problems, questions, scenes, text
from mini.sources import books, debian, javascript, markdown, python, rust, services
from mini.text import Text, identity, is_worth, pieces, plain

QUERIES = Path(__file__).resolve().parents[2] / "examples/registry/queries.jsonl"


class Texts(unittest.TestCase):
    def test_examples_of_comments_hold(self):
        for module in (text, questions):
            told = doctest.testmod(module)
            self.assertTrue(told.attempted and not told.failed, told)

    def test_markup_goes_and_words_stay(self):
        self.assertEqual(plain("**Sort** [the rows](x.md)\n of `table`, see https://a.b/c"), "Sort the rows of table, see")
        self.assertEqual(plain("2 * 3 < 4 and a_b"), "2 * 3 < 4 and a_b")

    def test_what_says_nothing_is_not_learnt(self):
        self.assertTrue(is_worth("sort rows"))
        for text in ("rows", "", "对外影响 数据库操作 sql", "x " * 1000):
            self.assertFalse(is_worth(text), text)

    def test_texts_that_differ_in_case_numbers_and_marks_are_one(self):
        self.assertEqual(identity("Python 3.11: headers!"), identity("python 3.9 HEADERS"))

    def test_pieces_hold_all_and_stay_below_their_length(self):
        paragraphs = ["a" * 300, "b" * 300, "c" * 300]
        self.assertEqual(pieces(paragraphs), ["a" * 300 + " " + "b" * 300, "c" * 300])


class Sources(unittest.TestCase):
    def test_a_package_gives_its_synopsis_all_it_says_and_what_it_does(self):
        index = "Package: x\nDescription-en: sort lines\n First part\n of it.\n .\n This package contains headers.\n\nPackage: y\nDescription-en: other\n"
        texts = [(text.kind, text.text) for text in debian.descriptions(index)]
        self.assertEqual(texts[:3], [("title", "sort lines"), ("passage", "sort lines. First part of it. This package contains headers."), ("passage", "First part of it.")])
        self.assertIn(("title", "other"), texts)

    def test_comments_give_their_first_paragraph(self):
        self.assertEqual(list(rust.first_paragraphs("/// Sorts `x`\n/// in place.\n///\n/// Slow.\nfn f() {}\n//! A module.\n")), ["Sorts x in place.", "A module."])
        self.assertEqual(list(javascript.first_paragraphs("/**\n * Sorts it.\n * Quickly.\n * @param x what\n */")), ["Sorts it. Quickly."])
        self.assertEqual(python.docstrings('def f():\n  """Sorts it.\n\n  Slow."""\n'), ["Sorts it."])
        self.assertEqual(python.docstrings("print 'an older Python'"), [])

    def test_markdown_gives_headings_paragraphs_and_pieces(self):
        texts = [(text.kind, text.text) for text in markdown.texts("s", "---\na: b\n---\n# Sorting ##\n\nSort rows.\n\n```sh\nrm x\n```\n", "t")]
        self.assertIn(("title", "Sorting"), texts)
        self.assertIn(("passage", "Sort rows."), texts)
        self.assertFalse([text for _, text in texts if "rm x" in text or "a: b" in text])

    def test_a_dictionary_gives_meanings_behind_their_words_and_examples(self):
        line = '00039297 04 n 02 contact 2 eye_contact 0 001 @ 00039021 n 0000 | close interaction; "they kept in daily contact"'
        texts = [text.text for text in books._meaning(*line.split(" | "))]
        self.assertEqual(texts, ["contact, eye contact: close interaction", "they kept in daily contact"])

    def test_a_service_gives_what_each_operation_is_called_and_does(self):
        store = {"metadata": {"serviceFullName": "Store"}, "operations": {"GetDBItem": {"documentation": "<p>Gets it &amp; all. Once.</p>"}}}
        texts = [(text.kind, text.text, text.answer) for text in services.operations(store)]
        self.assertEqual(texts[1:], [("title", "Get DB Item", "Gets it & all."), ("passage", "Gets it & all.", None), ("passage", "Store. Gets it & all. Once.", None)])


@unittest.skipUnless(importlib.util.find_spec("lxml"), "needs lxml")
class Manuals(unittest.TestCase):
    def read(self, page):
        from mini.sources import manuals

        return [(text.kind, text.text, text.answer) for text in manuals.page(page.encode())]

    def test_a_page_gives_headings_with_what_is_below_them_and_blocks_without_programs(self):
        page = "<head><title>x</title></head><h1>2.1. Mean</h1><p>The <code>mean</code> of <b>all</b>.<br>Of each column.</p><pre>mean(x)</pre><script>run()</script><p>Next page</p>"
        said = "The mean of all. Of each column."
        self.assertEqual(self.read(page), [("title", "Mean", said), ("passage", said, None), ("passage", f"Mean {said}", None)])

    def test_what_stands_beside_the_content_is_not_read(self):
        page = "<body><div>Home and table of contents</div><main><p>Sorts all rows by name.</p><nav><p>To the next page then</p></nav></main></body>"
        self.assertEqual({text for _, text, _ in self.read(page)}, {"Sorts all rows by name."})

    def test_a_part_that_is_marked_but_holds_little_is_not_the_content(self):
        page = "<body><a id=content></a><p>Sorts all rows by name.</p></body>"
        self.assertEqual({text for _, text, _ in self.read(page)}, {"Sorts all rows by name."})

    def test_pages_of_other_languages_and_listings_of_names_are_passed_over_wherever_the_manual_lies(self):
        from mini.sources import manuals

        with tempfile.TemporaryDirectory() as folder:
            manual = Path(folder) / "core/_static/x-doc"
            names = ["html/core/a.html", "html/de-DE/b.html", "html/_modules/c.html", "html/en-US/d.html", "guide.md.gz", "e.txt"]
            for name in names:
                (manual / name).parent.mkdir(parents=True, exist_ok=True)
                (manual / name).touch()
            read = {file.relative_to(manual).as_posix() for file in manuals._pages(manual)}
        self.assertEqual(read, {"html/core/a.html", "html/en-US/d.html", "guide.md.gz"})

    def test_what_is_written_is_not_taken_for_markup(self):
        page = "<h2>3.2 Programming in C# ¶</h2><p>Set CMAKE_&lt;LANG&gt;_FLAGS where a * b * c holds.</p>"
        texts = [text for _, text, _ in self.read(page)]
        self.assertEqual(texts[:2], ["Programming in C#", "Set CMAKE_<LANG>_FLAGS where a * b * c holds."])

    def test_a_page_without_a_word_gives_nothing(self):
        for page in ("", " ", "<!-- -->", "<?xml version='1.0' encoding='utf-8'?><page/>"):
            self.assertEqual(self.read(page), [], page)


class Scenes(unittest.TestCase):
    def setUp(self):
        self.told = [list(scenes.Scenes(random.Random(1)).read())[:3000] for _ in range(2)]

    def test_every_place_is_filled_and_every_run_tells_the_same(self):
        self.assertEqual(*self.told)
        for text in self.told[0]:
            self.assertNotRegex(text.text, r"\{\w+\}")

    def test_a_scene_has_sentences_and_what_is_asked_of_them(self):
        self.assertTrue(all(len(scene) == 2 and all(scene) for scene in scenes.Scenes(random.Random(0)).scenes))
        self.assertGreater(len({text.text for text in self.told[0]}), 2700)


class Problems(unittest.TestCase):
    def test_every_topic_has_situations_and_what_is_asked(self):
        self.assertGreater(len(problems.topics()), 300)
        for topic in problems.topics():
            self.assertEqual(len(topic), 2, topic)
            self.assertTrue(all(len(half) >= 6 and all(half) for half in topic), topic)

    def test_what_is_told_is_of_one_topic_and_the_same_on_every_run(self):
        told = [list(problems.read(random.Random(3))) for _ in range(2)]
        self.assertEqual(*told)
        self.assertGreater(len({text.text for text in told[0]}), 0.85 * len(told[0]))
        topic = [["It is slow.", "why so slow?", "3 of 9 ended"], ["Make it fast!", "what is it for?"]]
        left = re.compile("|".join(re.escape(sentence.rstrip(".")) for half in topic for sentence in half))
        joints = {joint for seed in range(200) for joint in left.split(problems._told(random.Random(seed), *topic))}
        self.assertEqual(joints - {"", " ", "."}, set(problems.JOINTS))
        self.assertFalse([text.text for text in told[0] if re.search(r"\?[.,;]", text.text)])

    def test_what_was_written_down_is_not_nearly_a_question_that_judges(self):
        """Of words of four letters and more, cut to five, both have three at least and more than a third of what either has."""
        asked = [_words(json.loads(line)["text"]) for line in QUERIES.read_text("utf-8").splitlines()]
        written = [sentence for topic in problems.topics() for half in topic for sentence in half]
        near = [(sentence, words, other) for sentence in written for words in [_words(sentence)] for other in asked if _is_near(words, other)]
        self.assertEqual(near, [])


def _words(text: str) -> frozenset[str]:
    return frozenset(word[:5] for word in re.findall(r"[a-z0-9]{4,}", text.lower()))


def _is_near(one: frozenset[str], other: frozenset[str]) -> bool:
    both = len(one & other)
    return both >= 3 and both > len(one | other) / 3


class Questions(unittest.TestCase):
    def test_a_description_becomes_what_somebody_wants(self):
        for said, want in [
            ("Returns the number of rows. Slow.", "return the number of rows"),
            ("Tool to convert PDF files", "convert PDF files"),
            ("Matches a word", "match a word"),
            ("Process lists", "process lists"),
            ("Identifies the cause", "identify the cause"),
            ("Optimizes all tables", "optimize all tables"),
            ("Access the file", "access the file"),
            ("Is a library", "is a library"),
            ("Has a cache", "has a cache"),
            ("Kubernetes and Windows", "kubernetes and Windows"),
            ("HTTP server", "HTTP server"),
        ]:
            self.assertEqual(questions.want(said), want)

    def test_every_want_is_asked_for_in_the_same_way_each_time(self):
        asked = [list(questions.Asking(random.Random(1)).ask([f"Sorts the rows of {name}" for name in "abcdefghijkl"])) for _ in range(2)]
        self.assertEqual(*asked)
        self.assertEqual([text.source for text in asked[0]], ["asked"] * 12 + ["tasks"] * 2)

    def test_frames_have_one_place_and_lines_of_wants_two_parts(self):
        frames = questions.lines("verbs.txt") + questions.lines("things.txt")
        self.assertTrue(all(frame.count("{}") == 1 for frame in frames))
        self.assertGreater(len(set(questions.wants())), 1500)
        self.assertIsInstance(next(questions.Asking(random.Random(0)).ask(["x y"])), Text)
