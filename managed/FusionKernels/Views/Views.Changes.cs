namespace FusionKernels;

/// <content>Views selected, dropped, blinded and corrupted, for ablation.</content>
public sealed partial class Views
{
    /// <summary>Some of the views, in the order that is given.</summary>
    /// <exception cref="ArgumentException">There is no such view, or none is named.</exception>
    public Views Select(params IReadOnlyList<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        if (names.Count == 0) throw new ArgumentException("no view is named", nameof(names));
        int[] kept = [.. names.Select(IndexOf)];
        Views result = new([.. kept.Select(m => _names[m])], [.. kept.Select(m => _views[m])], Rows)
        {
            _labels = _labels,
            _classNames = _classNames,
            _targets = _targets,
            _outputs = _outputs,
            _groups = _groups,
        };
        if (_present is not null)
        {
            result._present = new bool[Rows * kept.Length];
            for (int at = 0; at < result._present.Length; at++) result._present[at] = _present[(at / kept.Length * Count) + kept[at % kept.Length]];
        }

        return result;
    }

    /// <summary>All views but some.</summary>
    /// <exception cref="ArgumentException">There is no such view, or none is left.</exception>
    public Views Drop(params IReadOnlyList<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        foreach (string name in names) _ = IndexOf(name);
        return Select([.. _names.Except(names)]);
    }

    /// <summary>The same rows with other values: takes names, views and their numbers.</summary>
    internal Views Replaced(Func<string, View, int, View> change) => new(_names, [.. _views.Select((view, m) => change(_names[m], view, m))], Rows)
    {
        _present = _present,
        _labels = _labels,
        _classNames = _classNames,
        _targets = _targets,
        _outputs = _outputs,
        _groups = _groups,
    };

    /// <summary>The same views, some of them absent in every row: what a model that was fitted with them makes of rows without them.</summary>
    /// <exception cref="ArgumentException">There is no such view.</exception>
    public Views Blind(params IReadOnlyList<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        Views result = WithMask();
        foreach (int m in names.Select(IndexOf))
        {
            for (int row = 0; row < Rows; row++) result._present![(row * Count) + m] = false;
        }

        return result;
    }

    /// <summary>The same views, one of them with its rows exchanged among each other: its values stay plausible and tell nothing any more.</summary>
    /// <param name="name">The view.</param>
    /// <param name="seed">What the order follows from.</param>
    /// <exception cref="ArgumentException">There is no such view.</exception>
    public Views Corrupt(string name, int seed)
    {
        int m = IndexOf(name);
        int[] order = [.. Enumerable.Range(0, Rows)];
        new Random(seed).Shuffle(order);
        Views result = WithMask();
        View[] views = [.. _views];
        views[m] = views[m].Take(order);
        Views corrupted = new(_names, views, Rows)
        {
            _present = result._present,
            _labels = _labels,
            _classNames = _classNames,
            _targets = _targets,
            _outputs = _outputs,
            _groups = _groups,
        };
        for (int row = 0; row < Rows; row++) corrupted._present![(row * Count) + m] = IsPresent(order[row], m);
        return corrupted;
    }

    /// <summary>The same views, each present one made absent with some probability, independently; a row that would lose its last one keeps one, by chance.</summary>
    /// <param name="rate">The probability, 0 to 1.</param>
    /// <param name="seed">What the choice follows from.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rate is not in [0, 1].</exception>
    public Views WithMissing(double rate, int seed)
    {
        if (!(rate is >= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(rate), rate, "a rate of absent views is 0 to 1");
        Views result = WithMask();
        Random random = new(seed);
        for (int row = 0; row < Rows; row++)
        {
            Span<bool> mask = result._present.AsSpan(row * Count, Count);
            int[] before = [.. Enumerable.Range(0, Count).Where(m => IsPresent(row, m))];
            foreach (int m in before) mask[m] = random.NextDouble() >= rate;
            int saved = before.Length == 0 ? -1 : before[random.Next(before.Length)];
            if (saved >= 0 && !mask.Contains(true)) mask[saved] = true;
        }

        return result;
    }

    /// <summary>Some of the rows, in the order that is given.</summary>
    /// <param name="rows">Numbers of rows.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    public Views Take(params IReadOnlyList<int> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        foreach (int row in rows)
        {
            if (row < 0 || row >= Rows) throw new ArgumentOutOfRangeException(nameof(rows), row, $"there are rows 0 to {Rows - 1}");
        }

        int[] taken = [.. rows];
        return new(_names, [.. _views.Select(view => view.Take(taken))], taken.Length)
        {
            _present = _present is null ? null : [.. taken.SelectMany(row => _present.AsSpan(row * Count, Count).ToArray())],
            _labels = _labels is null ? null : [.. taken.Select(row => _labels[row])],
            _classNames = _classNames,
            _targets = _targets is null ? null : [.. taken.SelectMany(row => _targets.AsSpan(row * _outputs, _outputs).ToArray())],
            _outputs = _outputs,
            _groups = _groups is null ? null : [.. taken.Select(row => _groups[row])],
        };
    }

    private Views WithMask()
    {
        Views result = Copy();
        result._present = new bool[Rows * Count];
        if (_present is null) Array.Fill(result._present, true);
        else _present.CopyTo(result._present, 0);
        return result;
    }
}
