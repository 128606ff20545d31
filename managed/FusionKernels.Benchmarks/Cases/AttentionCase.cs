using System.Numerics.Tensors;

namespace FusionKernels.Bench;

/// <summary>Float32 attention, of 4 items and 8 heads of 1024 queries and keys, 64 wide, unless told otherwise: the forward pass, or both passes.</summary>
/// <remarks>A run whose memory is not that of results and tiles fails, on every device: a matrix of queries by keys must not be there.</remarks>
internal sealed class AttentionCase : BenchCase
{
    /// <summary>Operations of a run of short sequences: long enough for a clock.</summary>
    private const double ShortFlops = 2e7;

    private readonly AttentionOptions _options;
    private readonly Tensor<float> _output;
    private readonly Tensor<float> _q;
    private readonly Tensor<float> _k;
    private readonly Tensor<float> _v;
    private readonly Tensor<float> _outputGradient;
    private readonly Tensor<float>? _bias;
    private readonly ResidentAttention? _resident;
    private readonly WorkingMemory _memory;
    private AttentionGradients<float>? _gradients;

    /// <summary>Makes the operands; those of an accelerator, and results, stay on it.</summary>
    /// <param name="session">The device.</param>
    /// <param name="threads">Host threads.</param>
    /// <param name="masking">What changes or masks scores.</param>
    /// <param name="withGradients">Whether gradients follow.</param>
    public AttentionCase(DeviceSession session, int threads, AttentionMasking masking, bool withGradients)
        : this(session, threads, masking, withGradients, session.IsTiny ? (1, 2, 70, 16) : (FittingItems(session), 8, 1024, 64), repeats: 1)
    {
    }

    private AttentionCase(DeviceSession session, int threads, AttentionMasking masking, bool withGradients, (int Batch, int Heads, int Length, int Width) size, int repeats, bool hasFloor = true)
    {
        HasFloor = hasFloor;
        (Batch, Heads, Length, Width) = size;
        (Threads, Repeats) = (threads, repeats);
        Masking = masking;
        WithGradients = withGradients;
        _options = new()
        {
            Device = session.Device,
            Threads = threads,
            Causal = IsCausal ? CausalAlignment.TopLeft : CausalAlignment.None,
            Mask = masking == AttentionMasking.Dense ? Tensor.Create(Samples.Uniform<float>(Length, Length, 11).Select(draw => draw < 0.5f).ToArray(), [Length, Length]) : null,
        };
        if (masking == AttentionMasking.Bias) _bias = Tensor.Create(Samples.Uniform<float>(Length, Length, 12), [Length, Length]);
        (Q, K, V, Gradient) = (Draw(7), Draw(8), Draw(9), Draw(10));
        (_q, _k, _v, _outputGradient, _output) = (Shaped(Q), Shaped(K), Shaped(V), Shaped(Gradient), Shaped(new float[Q.Length]));
        double pairs = (double)Batch * Heads * Length * (IsCausal ? (Length + 1) / 2.0 : Length), bytes = 4.0 * Q.Length;
        _resident = session.IsHost ? null : new(_q, _k, _v, _bias, withGradients ? _outputGradient : null, _options);
        _memory = new(session, threads, $"attention of {Shape}");
        pairs *= repeats;
        bytes *= repeats;
        Work = new(pairs * Width * (withGradients ? 14 : 4), pairs * (withGradients ? 3 : 1), bytes * (withGradients ? 8 : 3), bytes * (withGradients ? 4 : 1));
    }

    /// <summary>16 items and 8 heads of short sequences, as often as a clock needs.</summary>
    public static AttentionCase Short(DeviceSession session, int threads, int length, int width)
    {
        double flops = 16.0 * 8 * length * length * width * 4;
        return new(session, threads, AttentionMasking.None, withGradients: false, (16, 8, length, width), session.IsTiny ? 1 : Math.Max(1, (int)(ShortFlops / flops)));
    }

    /// <summary>4 items and 16 heads of 4096 queries and keys, the forward pass alone; fewer queries and keys on a slow accelerator.</summary>
    public static AttentionCase Long(DeviceSession session, int threads, int width) => new(
        session,
        threads,
        AttentionMasking.None,
        withGradients: false,
        session.IsTiny ? (1, 2, 70, width) : (4, 16, session.Fit(256, 4096, [4096, 1024, 256], isDouble: false, length => 4 * 16 * length * length * width * 4, length => 4 * 16 * length * width * 4 * 8), width),
        repeats: 1);

    /// <summary>Many short sequences: 512 items and 8 heads of 48 queries and keys, 32 wide, in one launch.</summary>
    public static AttentionCase Many(DeviceSession session, int threads) =>
        new(session, threads, AttentionMasking.None, withGradients: false, session.IsTiny ? (4, 2, 48, 32) : (session.Fit(4, 512, [512, 64, 4], isDouble: false, items => items * 8 * 48 * 48 * 32 * 4, _ => 0), 8, 48, 32), repeats: 1);

    /// <summary>One item and two heads of 32 queries and keys, 16 wide: what one call costs.</summary>
    public static AttentionCase Small(DeviceSession session, int threads) =>
        new(session, threads, AttentionMasking.None, withGradients: false, (1, 2, 32, 16), repeats: 1, hasFloor: false);

    /// <summary>Threads.</summary>
    public int Threads { get; }

    /// <summary>Calls of one run.</summary>
    public int Repeats { get; }

    /// <summary>Items.</summary>
    public int Batch { get; }

    /// <summary>Heads.</summary>
    public int Heads { get; }

    /// <summary>Queries and keys of a head.</summary>
    public int Length { get; }

    /// <summary>Features.</summary>
    public int Width { get; }

    /// <summary>What changes or masks scores.</summary>
    public AttentionMasking Masking { get; }

    /// <summary>Whether later keys are masked.</summary>
    public bool IsCausal => Masking == AttentionMasking.Causal;

    /// <summary>Whether gradients follow.</summary>
    public bool WithGradients { get; }

    /// <summary>Queries.</summary>
    public float[] Q { get; }

    /// <summary>Keys.</summary>
    public float[] K { get; }

    /// <summary>Values.</summary>
    public float[] V { get; }

    /// <summary>The gradient with respect to the output.</summary>
    public float[] Gradient { get; }

    /// <summary>Queries and features that are compared.</summary>
    public int Compared => Math.Min(Width, Batch * Heads * Length);

    /// <summary>How far apart the queries lie that are compared: as many as there are features, over all heads.</summary>
    public int RowStep => Math.Max(1, Batch * Heads * Length / Width);

    /// <inheritdoc/>
    public override string Shape => $"{Batch} x {Heads} x {Length} x {Width}";

    /// <inheritdoc/>
    public override Work Work { get; }

    /// <inheritdoc/>
    public override bool HasFloor { get; }

    /// <inheritdoc/>
    public override void Run()
    {
        // Output and three gradients; log-sum-exps, what rounding takes off them, and what the gradients of weights average to.
        long rows = (long)Batch * Heads * Length;
        long results = 4 * rows * (WithGradients ? (4 * Width) + 3 : _resident is null ? 0 : Width + 1);
        _memory.Hold(Repeat, results + PartBytes(rows), Repeats);
    }

    /// <inheritdoc/>
    public override Action? EndToEnd => _resident is null ? null : Attend;

    /// <summary>Results of parts: an accelerator splits keys until there are eight groups of 64 queries for each of its units, or a part more.</summary>
    private long PartBytes(long rows) => _resident is null ? 0 : 4L * (Width + 1) * ((8L * 64 * _options.Device!.Description.ComputeUnits) + rows);

    private void Repeat()
    {
        for (int i = 0; i < Repeats; i++)
        {
            if (_resident is null) Attend();
            else _resident.Run();
        }
    }

    /// <summary>One call on tensors of the host.</summary>
    private void Attend()
    {
        if (!WithGradients)
        {
            Attention.Forward<float>(_q.AsReadOnlyTensorSpan(), _k.AsReadOnlyTensorSpan(), _v.AsReadOnlyTensorSpan(), _output.AsTensorSpan(), _options, _bias);
            return;
        }

        AttentionResult<float> forward = Attention.ForwardWithLogSumExp(_q, _k, _v, _options, _bias);
        _gradients = Attention.Backward(_q, _k, _v, forward, _outputGradient, _options, _bias);
    }

    /// <inheritdoc/>
    public override double MaxError() => Samples.MaxError(Compared, Compared, At, Reference);

    /// <summary>A feature of the output, or of the queries' gradient, of every <see cref="RowStep"/>-th query.</summary>
    public double At(int row, int column)
    {
        int query = row * RowStep;
        if (_resident is not null) return _resident.At(((long)query * Width) + column);
        Tensor<float> tensor = _gradients?.Query ?? _output;
        return tensor[query / Length / Heads, query / Length % Heads, query % Length, column];
    }

    /// <summary>The same in float64.</summary>
    public double Reference(int row, int column)
    {
        int query = row * RowStep, head = query / Length * Length, keys = IsCausal ? (query % Length) + 1 : Length;
        double[] weights = new double[keys];
        for (int key = 0; key < keys; key++) weights[key] = IsKept(query % Length, key) ? (Dot(Q, query, K, head + key) / Math.Sqrt(Width)) + (_bias?[query % Length, key] ?? 0) : double.NegativeInfinity;
        double largest = weights.Max(), sum = weights.Sum(score => Math.Exp(score - largest));
        for (int key = 0; key < keys; key++) weights[key] = Math.Exp(weights[key] - largest) / sum;
        if (!WithGradients) return Enumerable.Range(0, keys).Sum(key => weights[key] * V[((head + key) * Width) + column]);
        double[] products = [.. Enumerable.Range(0, keys).Select(key => Dot(Gradient, query, V, head + key))];
        double mean = weights.Zip(products, (weight, product) => weight * product).Sum();
        return Enumerable.Range(0, keys).Sum(key => weights[key] * (products[key] - mean) * K[((head + key) * Width) + column]) / Math.Sqrt(Width);
    }

    /// <inheritdoc/>
    public override void Dispose() => _resident?.Dispose();

    /// <summary>4 items on the host, up to 64 on an accelerator.</summary>
    private static int FittingItems(DeviceSession session) => session.Fit(
        1, 4, [64, 16, 4, 1], isDouble: false, items => items * 8 * 1024.0 * 1024 * 64 * 4, items => items * 8 * 1024.0 * 64 * 4 * 8);

    private bool IsKept(int query, int key) => _options.Mask?[query, key] ?? true;

    private double Dot(float[] left, int row, float[] right, int other)
    {
        double sum = 0;
        for (int d = 0; d < Width; d++) sum += (double)left[(row * Width) + d] * right[(other * Width) + d];
        return sum;
    }

    private float[] Draw(int seed) => Samples.Uniform<float>(Batch * Heads * Length, Width, seed);

    private Tensor<float> Shaped(float[] elements) => Tensor.Create(elements, [Batch, Heads, Length, Width]);
}
