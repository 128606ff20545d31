namespace FusionKernels;

/// <summary>How a model is trained, beside its optimizer.</summary>
public record class TrainingOptions
{
    /// <summary>The device; null (the default) for <see cref="ComputeDevice.Default"/>.</summary>
    public ComputeDevice? Device { get; init; }

    /// <summary>At most this many threads of the host; 0 (the default) for one per core. Results do not depend on it.</summary>
    public int Threads { get; init; }

    /// <summary>Passes over the training rows, 1 or more; 20 by default.</summary>
    public int Epochs { get; init; } = 20;

    /// <summary>Rows of a step, 1 or more; 32 by default.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>Whether a last batch of fewer rows is left out of an epoch; off by default, and without effect where it would be the only one.</summary>
    public bool DropsLast { get; init; }

    /// <summary>The seed of the order of rows, of validation rows and of dropout; 0 by default.</summary>
    public ulong Seed { get; init; }

    /// <summary>The share of rows that is kept for validation, drawn by the seed; 0 (the default) for none. Not used where <see cref="ValidationRows"/> are given.</summary>
    public double ValidationShare { get; init; }

    /// <summary>The rows kept for validation; null (the default) to draw them.</summary>
    public IReadOnlyList<int>? ValidationRows { get; init; }

    /// <summary>Epochs without a better validation loss after which training ends; 0 (the default) for never. Without validation rows the training loss decides.</summary>
    public int Patience { get; init; }

    /// <summary>Told after every epoch, on the thread that trains; null (the default) for nobody.</summary>
    public IProgress<TrainingProgress>? Progress { get; init; }

    /// <summary>Ends training at the next step by an <see cref="OperationCanceledException"/>; the best weights stand in the parameters.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>Ends training at the next step as if epochs were up: the fit returns with the weights of the best epoch so far. Before the end of the first epoch there is nothing to keep, and it cancels.</summary>
    public CancellationToken Stop { get; init; }

    /// <summary>A safetensors file that is written after every epoch, and gone on from where it is there; null (the default) for none.</summary>
    public string? Checkpoint { get; init; }

    /// <summary>Throws where a number is out of range.</summary>
    internal void Check(int rows)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Epochs, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(BatchSize, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(Patience);
        if (ValidationShare is not (>= 0 and < 1)) throw OutOfRange(nameof(ValidationShare), ValidationShare, "a share of 0 to below 1 is needed");
        foreach (int row in ValidationRows ?? [])
        {
            if ((uint)row >= (uint)rows) throw OutOfRange(nameof(ValidationRows), row, $"there are {rows} rows");
        }
    }

    private static ArgumentOutOfRangeException OutOfRange(string option, object value, string needed) => new(option, value, needed);
}
