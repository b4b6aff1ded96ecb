"""Does learning do what it says? Needs what `requirements.txt` names."""

import tempfile
import unittest
from pathlib import Path

try:
    import numpy as np
    import torch
    from mini import batches, corpus, encoder, export, fit, quantise, student, text
    from transformers import BertConfig, BertModel
except ModuleNotFoundError as error:
    raise unittest.SkipTest(f"{error.name} is not installed") from error


def unit(rows: int, seed: int) -> np.ndarray:
    vectors = np.random.default_rng(seed).normal(size=(rows, 8)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


class Batches(unittest.TestCase):
    def test_an_epoch_has_every_text_once_within_bounds(self):
        dice = np.random.default_rng(1)
        lengths = dice.integers(4, 250, size=5000)
        steps = batches.epoch(np.arange(0, 5000, 2), unit(5000, 2), lengths, dice)
        self.assertEqual(sorted(np.concatenate([part for step in steps for part in step])), list(range(0, 5000, 2)))
        for step in steps:
            self.assertLessEqual(len(step), 2)
            for part in step:
                self.assertTrue(len(part) == 1 or len(part) * batches.width(lengths[part].max()) <= batches.TOKENS)

    def test_every_question_stands_once_beside_its_answer(self):
        pairs = np.array([[number, 1000 + number // 2] for number in range(600)])
        steps = batches.matched(pairs, unit(2000, 6), np.full(2000, 20), np.random.default_rng(7))
        asked = np.concatenate([questions for questions, _ in steps])
        self.assertEqual(len(asked), len(set(asked)))
        self.assertGreater(len(asked), 590)  # one that stands alone has nothing to be mistaken for
        self.assertEqual(batches.matched(pairs[:0], unit(9, 6), np.full(9, 20), np.random.default_rng(7)), [])
        for questions, answers in steps:
            self.assertTrue((1000 + questions // 2 == answers).all())

    def test_short_texts_stand_beside_long_ones(self):
        parts = [np.array([number]) for number in range(5)]
        self.assertEqual([[int(part[0]) for part in step] for step in batches.paired(parts)], [[0, 4], [1, 3], [2]])


class Pairs(unittest.TestCase):
    def test_a_question_that_only_repeats_its_answer_teaches_nothing(self):
        said = {"remove repeated rows": 2, "clean my table": 2, "Remove rows that are repeated": None, "rows": 2}
        texts = [text.Text("title", "x", said, answer) for said, answer in said.items()]
        self.assertEqual(corpus.pairs(texts, np.array([0, 1, 2, 3])).tolist(), [[1, 2]])
        self.assertEqual(corpus.pairs(texts, np.array([0, 1, 3])).tolist(), [], "the answer is held out")

    def test_a_title_goes_with_what_it_is_the_title_of_and_an_answer_that_is_left_out_is_none(self):
        passages = [text.Text("passage", "debian", f"Sorts {'ab' * number} things.") for number in range(200)]
        titles = [text.Text("title", "debian", f"sorter {'ab' * number}", passage.text) for number, passage in enumerate(passages)]
        kept = [[corpus.is_drawn(one) for one in group] for group in (titles, passages)]
        self.assertEqual(*kept)
        self.assertAlmostEqual(sum(kept[0]) / 200, corpus.SHARES["debian"], delta=0.1)

    def test_what_is_written_points_at_its_answers_and_is_the_same_on_every_run(self):
        gathered = [text.Text("title", "x", "Row sorter", "Sorts rows."), text.Text("passage", "x", "Sorts rows."), text.Text("title", "x", "A thing", "which is not there")]
        real, corpus.gather, corpus.words.read = (corpus.gather, corpus.words.read), lambda *_: iter(gathered), lambda *_: []
        fetch, corpus.teacher.fetch = corpus.teacher.fetch, lambda work: work
        try:
            with tempfile.TemporaryDirectory() as folder:
                written = []
                for _ in range(2):
                    corpus.write(Path(), None, Path(folder))
                    written.append((Path(folder) / "corpus.jsonl").read_bytes())
                texts = corpus.read(Path(folder))
        finally:
            (corpus.gather, corpus.words.read), corpus.teacher.fetch = real, fetch
        self.assertEqual(*written)
        answers = {one.text: one.answer for one in texts}
        self.assertEqual(texts[answers["Row sorter"]].text, "Sorts rows.")
        self.assertIsNone(answers["A thing"])


class Quantise(unittest.TestCase):
    def test_what_is_stored_is_what_was_computed_with(self):
        for bits in (2, 4, 8):
            weight = torch.randn(6, 32, generator=torch.Generator().manual_seed(bits))
            rounded = quantise.Rounded(weight, bits)
            integers, scales = rounded.integers(weight)
            self.assertTrue(torch.equal(integers.float() * scales[:, None], rounded(weight)))
            self.assertLess((rounded(weight) - weight).abs().mean() / weight.abs().mean(), {2: 0.4, 4: 0.15, 8: 0.02}[bits])

    def test_of_two_bits_no_level_is_spent_on_zero(self):
        weight = torch.tensor([[-9.0, -0.01, 0.01, 9.0]])
        integers, _ = quantise.Rounded(weight, 2).integers(weight)
        self.assertEqual(integers.tolist(), [[-3, -1, 1, 3]])

    def test_a_number_that_is_most_of_its_row_is_kept_and_costs_other_rows_nothing(self):
        weight = torch.randn(2, 1536, generator=torch.Generator().manual_seed(5))
        weight[0, 7] = 300.0
        rounded = quantise.Rounded(weight, 4)(weight)
        self.assertLess((rounded[0, 7] - 300).abs(), 30)
        self.assertLess((rounded[1] - weight[1]).square().mean(), 1.1 * quantise.NORMAL_ERROR[4])

    def test_exact_weights_are_left_as_they_are(self):
        weight = torch.randn(3, 5)
        self.assertIs(quantise.Rounded(weight, quantise.EXACT)(weight), weight)

    def test_a_step_learns_towards_the_smaller_error(self):
        weight = torch.randn(4, 64, generator=torch.Generator().manual_seed(3))
        rounded = quantise.Rounded(weight, 4)
        rounded.log_step.data += 1.0  # far too wide
        before = rounded.log_step.detach().clone()
        ((rounded(weight) - weight) ** 2).sum().backward()
        self.assertTrue((rounded.log_step.grad > 0).all(), before)


def shape(**asked: int) -> student.Shape:
    """Of three layers that are as wide as those of the teacher here."""
    return student.Shape(**{"layers": 3, "inner": 32, "rank": 8} | asked)


class Students(unittest.TestCase):
    def setUp(self):
        torch.manual_seed(8)
        config = BertConfig(vocab_size=60, hidden_size=16, intermediate_size=32, num_attention_heads=2, num_hidden_layers=6)
        self.teacher = BertModel(config, add_pooling_layer=False).eval().to(encoder.device())

    def made(self, model: BertModel, layers: tuple[int, ...], shape: student.Shape) -> BertModel:
        return student.make(model, layers, shape, np.ones(60)).eval()

    def told(self, model: BertModel) -> torch.Tensor:
        with torch.inference_mode():
            return encoder.encode(model, [np.array([3, 5, 9]), np.array([7])], precise=True)

    def assertAlike(self, model: BertModel, said: torch.Tensor, least: float):
        self.assertGreater((self.told(model) * said).sum(1).min().item(), least)

    def test_a_student_of_all_layers_and_directions_says_what_its_teacher_says(self):
        whole = self.made(self.teacher, tuple(range(6)), shape(layers=6, rank=16))
        self.assertAlike(whole, self.told(self.teacher), 0.999)

    def test_a_plain_student_says_what_it_said(self):
        for bits in (2, 4, quantise.EXACT):
            made = self.made(self.teacher, (0, 2, 5), shape(rank=8, word_bits=bits, layer_bits=bits))
            said = self.told(made)
            self.assertAlike(student.plain(made), said, 0.9999)

    def test_rounding_begins_with_what_was_learnt(self):
        exact = self.made(self.teacher, (0, 2, 5), shape(rank=8))
        said = self.told(exact)
        rounded = self.made(student.plain(exact), (0, 1, 2), shape(rank=8, word_bits=8, layer_bits=8))
        self.assertAlike(rounded, said, 0.999)

    def test_neurons_that_do_nothing_are_left_out(self):
        for layer in self.teacher.encoder.layer:
            layer.output.dense.weight.data[:, ::2] = 0.0
        narrow = self.made(self.teacher, tuple(range(6)), shape(layers=6, inner=16, rank=16))
        self.assertAlike(narrow, self.told(self.teacher), 0.999)

    def test_more_neurons_than_the_teacher_has_are_refused(self):
        with self.assertRaises(SystemExit):
            self.made(self.teacher, (0, 2, 5), shape(inner=33))

    def test_other_layers_than_the_shape_has_are_refused(self):
        with self.assertRaises(ValueError):
            self.made(self.teacher, (0, 1), shape(rank=8))

    def test_an_exact_student_is_not_exported(self):
        with self.assertRaises(SystemExit):
            export.write(self.teacher, Path(), Path(), shape())

    def test_rows_are_as_wide_in_every_direction_and_as_large_as_the_table(self):
        table = torch.randn(400, 16) * torch.arange(1, 17)
        counts = torch.arange(400) ** 2
        rows, columns, step = student.factors(table, counts, 16, quantise.EXACT)
        weighted = rows * (counts + 1).float().sqrt().sqrt()[:, None]
        self.assertTrue(torch.allclose(rows @ columns, table, atol=1e-3))
        self.assertAlmostEqual((rows.std() / table.std()).item(), 1, places=3)
        self.assertLess(weighted.pow(2).mean(0).max() / weighted.pow(2).mean(0).min(), 1.01)

    def test_a_direction_that_matters_most_gets_a_second_column_for_what_rounding_leaves(self):
        directions = torch.linalg.qr(torch.randn(16, 16, generator=torch.Generator().manual_seed(6)))[0]
        table = torch.randn(400, 16, generator=torch.Generator().manual_seed(7)) * torch.tensor([9.0] * 4 + [1.0] * 12) @ directions
        rows, columns, step = student.factors(table, torch.ones(400), 16, 2)
        self.assertEqual((rows.shape, columns.shape), ((400, 16), (16, 16)))
        error = quantise.Rounded(rows, 2, step)(rows) @ columns - table
        self.assertLess(error.square().sum() / table.square().sum(), 0.7 * quantise.NORMAL_ERROR[2])

    def test_more_columns_than_there_are_digits_are_refused(self):
        table = torch.randn(400, 4, generator=torch.Generator().manual_seed(8)) @ torch.randn(4, 16)
        for bits, most in ((quantise.EXACT, 4), (8, 4), (4, 8), (2, 16)):
            self.assertEqual(student.factors(table, torch.ones(400), most, bits)[0].shape, (400, most))
            with self.assertRaises(SystemExit):
                student.factors(table, torch.ones(400), most + 1, bits)


class Losses(unittest.TestCase):
    def test_another_answer_that_is_as_near_to_the_teacher_is_no_mistake(self):
        vectors = torch.nn.functional.normalize(torch.eye(4) + 0.1, dim=1)
        own = torch.eye(4)
        right = fit.mistakes(vectors, vectors, own)
        self.assertLess(right, fit.mistakes(vectors, vectors.flip(0), own))
        twin = vectors[[0, 0, 2, 3]]  # the first answer stands there twice
        likeness = own[[0, 0, 2, 3]] @ own[[0, 0, 2, 3]].T
        self.assertLess(fit.mistakes(twin, twin, likeness), 0.01 + right)


class Twin(torch.nn.Module):
    """As little of a student as lessons need."""

    def __init__(self):
        super().__init__()
        torch.manual_seed(4)
        self.rows = torch.nn.Embedding(50, 8)


class Lessons(unittest.TestCase):
    def learn(self, file: Path, until: int | None = None) -> torch.Tensor:
        ids = [np.array([number % 50, number * 7 % 50]) for number in range(600)]
        texts = fit.Texts(ids, unit(600, 5), np.arange(500), np.array([[1, 2], [3, 4], [5, 6], [598, 599]]))
        lessons = fit.Lessons(Twin(), shape(rank=8), texts, fit.Course(epochs=4, match=1.0), file)
        lessons.plan = lessons.plan[:until]
        lessons.run()
        return lessons.student.rows.weight.detach()

    def setUp(self):
        encode = lambda student, ids: torch.nn.functional.normalize(student.rows(torch.from_numpy(np.stack(ids))).mean(1), dim=1)
        self.real, fit.encoder.encode = fit.encoder.encode, encode

    def tearDown(self):
        fit.encoder.encode = self.real

    def test_a_run_that_was_ended_goes_on_to_the_same_weights(self):
        with tempfile.TemporaryDirectory() as folder:
            whole = self.learn(Path(folder) / "whole.pt")
            with self.assertRaises(KeyboardInterrupt):
                self.ended(Path(folder) / "ended.pt")
            self.assertTrue(torch.equal(self.learn(Path(folder) / "ended.pt"), whole))

    def ended(self, file: Path) -> None:
        """Learns, and is ended after the first steps were saved."""
        every, fit.SAVE_EVERY = fit.SAVE_EVERY, 3
        save = fit.Lessons._save

        def last(lessons):
            save(lessons)
            raise KeyboardInterrupt

        fit.Lessons._save = last
        try:
            self.learn(file)
        finally:
            fit.Lessons._save, fit.SAVE_EVERY = save, every

    def test_another_course_is_refused(self):
        with tempfile.TemporaryDirectory() as folder:
            self.learn(Path(folder) / "x.pt")
            with self.assertRaises(SystemExit):
                self.learn(Path(folder) / "x.pt", until=1)


if __name__ == "__main__":
    unittest.main()
