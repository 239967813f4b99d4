"""Plausible wrong answers to the exercises of section 8.1."""


def compares_before_renaming(steps, output):
    renamed, seen, kept = {}, {}, []
    for name, operation, operands in steps:
        key = (operation, *operands)
        operands = [renamed.get(each, each) for each in operands]
        if key in seen:
            renamed[name] = seen[key]
        else:
            seen[key] = name
            kept.append((name, operation, operands))
    return kept, renamed.get(output, output)


def leaves_the_old_names(steps, output):
    seen, kept = set(), []
    for name, operation, operands in steps:
        if (operation, *operands) not in seen:
            seen.add((operation, *operands))
            kept.append((name, operation, operands))
    return kept, output


def ignores_the_operation(steps, output):
    renamed, seen, kept = {}, {}, []
    for name, operation, operands in steps:
        operands = [renamed.get(each, each) for each in operands]
        if tuple(operands) in seen:
            renamed[name] = seen[tuple(operands)]
        else:
            seen[tuple(operands)] = name
            kept.append((name, operation, operands))
    return kept, renamed.get(output, output)


def ignores_the_order_of_operands(steps, output):
    renamed, seen, kept = {}, {}, []
    for name, operation, operands in steps:
        operands = [renamed.get(each, each) for each in operands]
        key = (operation, *sorted(operands))
        if key in seen:
            renamed[name] = seen[key]
        else:
            seen[key] = name
            kept.append((name, operation, operands))
    return kept, renamed.get(output, output)


def forgets_the_output(steps, output):
    renamed, seen, kept = {}, {}, []
    for name, operation, operands in steps:
        operands = [renamed.get(each, each) for each in operands]
        key = (operation, *operands)
        if key in seen:
            renamed[name] = seen[key]
        else:
            seen[key] = name
            kept.append((name, operation, operands))
    return kept, output


def always_shortens(x, limit):
    return x * (limit / x.norm())


def lengthens_what_is_short(x, limit):
    return x * (limit / x.norm()).clamp(min=1)


def clips_each_element(x, limit):
    return x.clamp(-limit, limit)


def divides_zero_by_zero(x, limit):
    return x / x.norm() * x.norm().clamp(max=limit)


def frees_before_the_result_is_there(steps, output):
    last_use = {name: index for index, (name, _, _) in enumerate(steps)}
    for index, (_, _, operands) in enumerate(steps):
        last_use.update((each, index) for each in operands if each in last_use)
    last_use[output] = len(steps)
    live, peak = set(), 0
    for index, (name, _, _) in enumerate(steps):
        live = {each for each in live if last_use[each] > index} | {name}
        peak = max(peak, len(live))
    return peak


def frees_nothing(steps, output):
    return len(steps)


def keeps_what_nobody_uses(steps, output):
    uses = {each: i for i, (_, _, operands) in enumerate(steps) for each in operands}
    live, peak = set(), 0
    for index, (name, _, _) in enumerate(steps):
        live.add(name)
        peak = max(peak, len(live))
        live = {each for each in live if uses.get(each, len(steps)) > index}
    return peak


def counts_the_inputs(steps, output):
    names = {name for name, _, _ in steps}
    inputs = {each for _, _, operands in steps for each in operands} - names
    last_use = {name: index for index, (name, _, _) in enumerate(steps)}
    for index, (_, _, operands) in enumerate(steps):
        last_use.update((each, index) for each in operands if each in last_use)
    last_use[output] = len(steps)
    live, peak = set(), 0
    for index, (name, _, _) in enumerate(steps):
        live.add(name)
        peak = max(peak, len(live))
        live = {each for each in live if last_use[each] > index}
    return peak + len(inputs)


def forgets_that_the_output_stays(steps, output):
    last_use = {name: index for index, (name, _, _) in enumerate(steps)}
    for index, (_, _, operands) in enumerate(steps):
        last_use.update((each, index) for each in operands if each in last_use)
    live, peak = set(), 0
    for index, (name, _, _) in enumerate(steps):
        live.add(name)
        peak = max(peak, len(live))
        live = {each for each in live if last_use[each] > index}
    return peak


WRONG = {
    "8.1-1": [
        compares_before_renaming,
        leaves_the_old_names,
        ignores_the_operation,
        ignores_the_order_of_operands,
        forgets_the_output,
    ],
    "8.1-2": [
        always_shortens,
        lengthens_what_is_short,
        clips_each_element,
        divides_zero_by_zero,
    ],
    "8.1-3": [
        frees_before_the_result_is_there,
        frees_nothing,
        keeps_what_nobody_uses,
        counts_the_inputs,
        forgets_that_the_output_stays,
    ],
}
