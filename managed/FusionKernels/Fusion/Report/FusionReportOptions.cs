namespace FusionKernels;

/// <summary>What <see cref="FusionReport"/> compares, and how.</summary>
public sealed record class FusionReportOptions : ExecutionOptions
{
    /// <summary>Strategies; null for all that take the kinds of the views.</summary>
    public IReadOnlyList<FusionStrategy>? Strategies { get; init; }

    /// <summary>Folds, 2 or more; group-disjoint where the views have groups, stratified otherwise. 5 by default. Not read where <see cref="TestFrom"/> is set.</summary>
    public int Folds { get; init; } = 5;

    /// <summary>The first row that is judged on, where the rows have an order: one split instead of folds. Null by default.</summary>
    public int? TestFrom { get; init; }

    /// <summary>What folds and absent views follow from. 0 by default.</summary>
    public int Seed { get; init; }

    /// <summary>Rates of views that are made absent in the test rows, above 0 up to 1; each row keeps one. 0.3, 0.5 and 0.7 by default.</summary>
    public IReadOnlyList<double> MissingRates { get; init; } = [0.3, 0.5, 0.7];

    /// <summary>Whether each view is blinded in turn at test. True by default.</summary>
    public bool Ablation { get; init; } = true;

    /// <summary>Landmarks of the kernels of every view alone, for more rows than the square of fits; strategies bring their own (<see cref="FusionStrategy.Kernel(KernelWeighting, NystromOptions?)"/>). Null, the default, for whole Gram matrices.</summary>
    public NystromOptions? Landmarks { get; init; }

    /// <summary>Told each row of the report when it is complete; on Ctrl-C those are what is there. Null by default.</summary>
    public Action<FusionReportRow>? RowDone { get; init; }

    /// <summary>Told what is under way, beside the fraction. Null by default.</summary>
    public Action<string>? Step { get; init; }
}
