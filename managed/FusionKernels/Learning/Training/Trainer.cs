using System.Numerics;
using FusionKernels.Kernels.Engines;

namespace FusionKernels;

/// <summary>Trains the parameters of a set on mini-batches: epochs in an order drawn by the seed, validation, early stopping, checkpoints.</summary>
/// <remarks>
/// The same seed gives the same bits from run to run on one device and for any number of threads of the host, with or without an
/// interruption between two epochs. A loss that is not finite ends training with a <see cref="NumericalException"/> that names the
/// step and the first operation whose value is not finite. The best weights stand in the parameters whichever way it ends.
/// </remarks>
public static class Trainer
{
    /// <summary>Trains.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="parameters">What is trained.</param>
    /// <param name="rule">How parameters follow their gradients.</param>
    /// <param name="rows">Rows of the data.</param>
    /// <param name="loss">The loss of a batch.</param>
    /// <param name="options">Epochs, batches, validation; null for the defaults.</param>
    /// <exception cref="ArgumentException">The loss is not one number.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    /// <exception cref="NumericalException">A loss, or the norm of gradients that are to be clipped, is not finite.</exception>
    /// <exception cref="DataFormatException">There is a checkpoint, and it is malformed or of another model or run.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled, or stopped before the first epoch was over.</exception>
    public static TrainingResult Fit<T>(ParameterSet<T> parameters, OptimizerRule rule, int rows, BatchLoss<T> loss, TrainingOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(loss);
        options ??= new();
        options.Check(rows);
        using TrainingRun<T> run = new(parameters, rule, rows, loss, options);
        return run.Fit();
    }
}

/// <summary>One run of the trainer.</summary>
internal sealed class TrainingRun<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const string FitName = "Trainer.Fit";

    private readonly ParameterSet<T> _parameters;
    private readonly BatchLoss<T> _loss;
    private readonly TrainingOptions _options;
    private readonly int[] _training;
    private readonly int[] _validation;

    /// <summary>Splits the rows.</summary>
    public TrainingRun(ParameterSet<T> parameters, OptimizerRule rule, int rows, BatchLoss<T> loss, TrainingOptions options)
    {
        (_parameters, _loss, _options) = (parameters, loss, options);
        Optimizer = new(parameters, rule);
        Tape = new(options.Device, options.Threads) { Seed = options.Seed, Cancellation = options.Cancellation };
        (_training, _validation) = RowOrder.Split(rows, options);
        if (_training.Length == 0) throw new ArgumentException("all rows are kept for validation; at least one is needed for training");
    }

    /// <summary>What moves the parameters.</summary>
    public Optimizer<T> Optimizer { get; }

    /// <summary>Where losses are computed.</summary>
    public Tape<T> Tape { get; }

    /// <summary>What the loss moves beside the parameters.</summary>
    public IReadOnlyList<RunningCovariance> Running => _options.Running;

    /// <summary>By epoch: the mean loss of its batches.</summary>
    public List<double> TrainingLosses { get; } = [];

    /// <summary>By epoch: the loss of the validation rows.</summary>
    public List<double> ValidationLosses { get; } = [];

    /// <summary>The best epoch, from 1; 0 before the first.</summary>
    public int BestEpoch { get; set; }

    /// <summary>Its weights.</summary>
    public T[]? BestWeights { get; set; }

    private double BestLoss => BestEpoch == 0 ? double.PositiveInfinity : (ValidationLosses.Count > 0 ? ValidationLosses : TrainingLosses)[BestEpoch - 1];

    /// <summary>Trains to the end.</summary>
    public TrainingResult Fit()
    {
        bool isLost = false;
        try
        {
            _parameters.Store.Place(Tape.Device);
            if (_options.Checkpoint is { } path && File.Exists(path)) TrainingCheckpoint.Read(path, _parameters, this, Fingerprint);
            for (int epoch = TrainingLosses.Count + 1; epoch <= _options.Epochs && !IsStale; epoch++)
            {
                if (!Epoch(epoch)) break;
                if (_options.Checkpoint is { } file) TrainingCheckpoint.Write(file, _parameters, this, Fingerprint);
            }
        }
        catch (DeviceLostException lost)
        {
            isLost = true;
            throw lost.Within(FitName);
        }
        catch (DeviceOutOfMemoryException full)
        {
            throw full.Within(FitName);
        }
        finally
        {
            if (BestWeights is not null && !isLost) Restore();
        }

        return new(TrainingLosses, ValidationLosses, BestEpoch, Optimizer.Steps);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Tape.Dispose();
        Optimizer.Release();
    }

    private bool IsStale => _options.Patience > 0 && TrainingLosses.Count - BestEpoch >= _options.Patience;

    /// <summary>What must be the same when a run goes on.</summary>
    private string Fingerprint => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"{Optimizer.Rule}; batch {_options.BatchSize}; seed {_options.Seed}; rows {_training.Length} and {_validation.Length}");

    /// <summary>Trains for an epoch; false where it was stopped, which leaves the epoch out.</summary>
    private bool Epoch(int epoch)
    {
        int[] order = RowOrder.Shuffled(_training, _options.Seed, (uint)epoch);
        int whole = order.Length / _options.BatchSize * _options.BatchSize;
        int end = _options.DropsLast && whole > 0 ? whole : order.Length;
        double sum = 0;
        for (int first = 0; first < end; first += Math.Min(_options.BatchSize, end - first))
        {
            _options.Cancellation.ThrowIfCancellationRequested();
            if (IsStopped) return false;
            ReadOnlySpan<int> batch = order.AsSpan(first, Math.Min(_options.BatchSize, end - first));
            sum += Step(batch) * batch.Length;
        }

        TrainingLosses.Add(sum / end);
        if (_validation.Length > 0) ValidationLosses.Add(Validate());
        double reached = _validation.Length > 0 ? ValidationLosses[^1] : TrainingLosses[^1];
        bool isBest = reached < BestLoss;
        if (isBest) (BestEpoch, BestWeights) = (epoch, _parameters.Store.Snapshot());
        _options.Progress?.Report(new(epoch, _options.Epochs, Optimizer.Steps, TrainingLosses[^1], _validation.Length > 0 ? ValidationLosses[^1] : double.NaN, isBest));
        return true;
    }

    /// <summary>Whether training is to end with what there is; without a whole epoch there is nothing, and that cancels.</summary>
    private bool IsStopped
    {
        get
        {
            if (BestEpoch == 0) _options.Stop.ThrowIfCancellationRequested();
            return _options.Stop.IsCancellationRequested;
        }
    }

    private double Step(ReadOnlySpan<int> rows)
    {
        Tape.Clear();
        (Tape.IsTraining, Tape.Step) = (true, Optimizer.Steps + 1);
        string when = $"step {Optimizer.Steps + 1}";
        try
        {
            Var<T> loss = _loss(Tape, rows);
            double value = Finite(loss, when);
            Tape.Backward(loss);
            Optimizer.Step(Tape);
            return value;
        }
        catch (NumericalException failure)
        {
            throw At(when, failure);
        }
    }

    private double Validate()
    {
        double sum = 0;

        // As many parts as batches would be, all of about one size: losses of batches may ask for more than a few rows.
        int parts = (int)((_validation.Length + (long)_options.BatchSize - 1) / _options.BatchSize);
        for (int part = 0; part < parts; part++)
        {
            _options.Cancellation.ThrowIfCancellationRequested();
            int first = (int)((long)_validation.Length * part / parts), end = (int)((long)_validation.Length * (part + 1) / parts);
            ReadOnlySpan<int> batch = _validation.AsSpan(first, end - first);
            Tape.Clear();
            Tape.IsTraining = false;
            string when = $"validation after step {Optimizer.Steps}";
            try
            {
                sum += Finite(_loss(Tape, batch), when) * batch.Length;
            }
            catch (NumericalException failure)
            {
                throw At(when, failure);
            }
        }

        return sum / _validation.Length;
    }

    private double Finite(Var<T> loss, string when)
    {
        if (loss.Node.Elements != 1) throw new ArgumentException($"the loss is {Tape<T>.ShapeOf(loss.Node)}; one number is needed, e.g. its mean");
        double value = double.CreateChecked(loss.ToScalar());
        return double.IsFinite(value)
            ? value
            : throw new NumericalException(FitName, $"{when}, {Tape.FindNonFinite() ?? "the loss"}", $"the loss is {value}; a smaller learning rate or a bound on gradients may help");
    }

    /// <summary>The same failure, with the step in which an operation met it.</summary>
    private static NumericalException At(string when, NumericalException failure) =>
        failure.Where.StartsWith(when, StringComparison.Ordinal) ? failure : new(FitName, $"{when}, {failure.Where}", failure.Message);

    private void Restore() => _parameters.Store.Restore(BestWeights!);
}
