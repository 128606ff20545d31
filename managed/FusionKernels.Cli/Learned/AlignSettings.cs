namespace FusionKernels.Cli;

/// <summary>How <c>align</c> fits a method; null where the method's own choice stands.</summary>
internal sealed record AlignSettings
{
    /// <summary>Features of the common space.</summary>
    public int? Components { get; init; }

    /// <summary>Widths between the views and the common space.</summary>
    public IReadOnlyList<int> Hidden { get; init; } = [];

    /// <summary>The probability with which elements between layers are dropped.</summary>
    public double Dropout { get; init; }

    /// <summary>The mode of methods that have several; null for the first.</summary>
    public string? Mode { get; init; }

    /// <summary>Passes over the rows.</summary>
    public int Epochs { get; init; }

    /// <summary>Rows of a step.</summary>
    public int? Batch { get; init; }

    /// <summary>The learning rate.</summary>
    public double Rate { get; init; }

    /// <summary>Epochs without a better loss after which training ends; 0 for never.</summary>
    public int Patience { get; init; }

    /// <summary>What everything that is drawn follows from.</summary>
    public ulong Seed { get; init; }

    /// <summary>Rows that are kept from training.</summary>
    public IReadOnlyList<int> Held { get; init; } = [];

    /// <summary>A checkpoint to write, and to go on from.</summary>
    public string? Checkpoint { get; init; }

    /// <summary>The device.</summary>
    public required ComputeDevice Device { get; init; }

    /// <summary>Threads of the host.</summary>
    public int Threads { get; init; }

    /// <summary>Told after every epoch.</summary>
    public IProgress<TrainingProgress>? Progress { get; init; }

    /// <summary>Ctrl-C: ends training with the best weights.</summary>
    public CancellationToken Stop { get; init; }

    /// <summary>How parameters follow their gradients.</summary>
    public OptimizerRule Optimizer => new AdamW { LearningRate = Rate, WeightDecay = 0.1, ClipNorm = 5 };

    /// <summary>Options with what all methods share.</summary>
    public TOptions ApplyTo<TOptions>(TOptions options)
        where TOptions : NetworkOptions => options with
        {
            Activation = Activation.Relu,
            Dropout = Dropout,
            Optimizer = Optimizer,
            Epochs = Epochs,
            BatchSize = Batch ?? options.BatchSize,
            Patience = Patience,
            Seed = Seed,
            ValidationRows = Held,
            Checkpoint = Checkpoint,
            Device = Device,
            Threads = Threads,
            Progress = Progress,
            Stop = Stop,
        };
}
