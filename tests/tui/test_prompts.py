"""The lab's prompts: choose, type, edit; a mistake is said as it is typed."""

from textual.widgets import Input, TextArea


async def test_an_optimizer_is_chosen_from_a_list_that_starts_at_the_present_one(learner):
    async with learner.in_lab("kink") as lab:
        await learner.press("o")
        await learner.press("j", "enter")
        assert lab.lab.experiment.optimizers[0].name == "momentum"
        assert learner.screen is lab


async def test_a_schedule_is_chosen_and_fitted_to_the_budget(learner):
    async with learner.in_lab("kink") as lab:
        await learner.press("s", "j", "j", "enter")
        assert lab.lab.experiment.schedules[0].name == "step"
        await learner.press("end")
        assert lab.lab.run.frame.rate[0] < 1


async def test_every_optimizer_schedule_and_objective_of_the_lists_runs(learner):
    async with learner.in_lab("kink") as lab:
        for key in ("o", "s", "b"):
            await learner.press(key)
            names = [option.id for option in learner.screen.query_one("OptionList").options]
            await learner.press("escape")
            change = {"o": lab.lab.set_optimizer, "s": lab.lab.set_schedule, "b": lab.lab.set_objective}[key]
            for name in names:
                lab._try(lambda name=name, change=change: change(name))
                lab.lab.forward(3)
        assert learner.is_told() == []


async def test_another_objective_starts_a_new_run(learner):
    async with learner.in_lab("kink") as lab:
        await learner.press("L", "b")
        options = learner.screen.query_one("OptionList")
        options.highlighted = options.get_option_index("rosenbrock")
        await learner.press("enter")
        assert lab.lab.experiment.objective.name == "rosenbrock"
        assert lab.lab.run.cursor == 0


async def test_escape_changes_nothing(learner):
    async with learner.in_lab("kink") as lab:
        await learner.press("o", "j", "escape")
        assert lab.lab.experiment == lab.lab.preset.experiment


async def test_an_own_function_is_minimised(learner):
    async with learner.in_lab("kink") as lab:
        await learner.press("f")
        learner.screen.query_one(Input).value = "x**2 + 3*y**2"
        await learner.press("enter")
        assert lab.lab.experiment.objective.dimension == 2
        assert str(lab.query_one("#landscape").border_title) == "x**2 + 3*y**2"
        assert learner.reads("#banner") == "Own experiment"


async def test_a_function_is_refused_with_its_character_as_it_is_typed(learner):
    async with learner.in_lab("kink") as lab:
        await learner.press("f")
        learner.screen.query_one(Input).value = "x**2 + open(x)"
        await learner.settle()
        assert "character 8" in learner.reads("#problem")
        await learner.press("enter")
        assert learner.screen is not lab
        learner.screen.query_one(Input).value = "x**2"
        await learner.settle()
        assert learner.reads("#problem") == ""


async def test_a_start_is_typed(learner):
    async with learner.in_lab("kink") as lab:
        await learner.press("t")
        learner.screen.query_one(Input).value = "18.25"
        await learner.press("enter")
        assert lab.lab.experiment.lane_starts.tolist() == [[18.25]]


async def test_a_start_that_is_no_number_is_said(learner):
    async with learner.in_lab("kink"):
        await learner.press("t")
        learner.screen.query_one(Input).value = "here"
        await learner.settle()
        assert "here" in learner.reads("#problem")


async def test_a_start_of_the_wrong_dimension_is_said_and_nothing_changes(learner):
    async with learner.in_lab("kink") as lab:
        await learner.press("t")
        learner.screen.query_one(Input).value = "1, 2"
        await learner.press("enter")
        assert lab.lab.experiment == lab.lab.preset.experiment
        assert len(learner.is_told()) == 1


async def test_noise_and_batch_size_are_typed(learner):
    async with learner.in_lab("minibatch") as lab:
        await learner.press("n")
        learner.screen.query_one(Input).value = "0.5"
        await learner.press("enter", "m")
        learner.screen.query_one(Input).value = "all"
        await learner.press("enter")
        assert lab.lab.experiment.noise == 0.5
        assert lab.lab.experiment.batch_size is None


async def test_the_whole_experiment_is_edited_as_toml(learner):
    async with learner.in_lab("kink") as lab:
        await learner.press("e")
        area = learner.screen.query_one(TextArea)
        area.text = area.text.replace("rate = 1.0", "rate = 0.25")
        await learner.press("ctrl+s")
        assert lab.lab.experiment.lane_rates.tolist() == [0.25]


async def test_a_mistake_in_the_toml_is_said_as_it_is_typed_and_not_taken(learner):
    async with learner.in_lab("kink") as lab:
        await learner.press("e")
        area = learner.screen.query_one(TextArea)
        area.text = area.text.replace("rate", "rats")
        await learner.settle()
        assert "rats" in learner.reads("#problem")
        await learner.press("ctrl+s")
        assert learner.screen is not lab
        await learner.press("escape")
        assert lab.lab.experiment == lab.lab.preset.experiment
