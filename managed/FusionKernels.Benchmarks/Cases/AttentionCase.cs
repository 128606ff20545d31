using System.Numerics.Tensors;

namespace FusionKernels.Bench;

/// <summary>Float32 attention, of 4 items and 8 heads of 1024 queries and keys, 64 wide, unless told otherwise: the forward pass, or both passes.</summary>
internal sealed class AttentionCase : BenchCase
{
    /// <summary>Operations of a run of short sequences: long enough for a clock.</summary>
    private const double ShortFlops = 2e7;

    /// <summary>What a thread may take beside results: tiles, and whatever a first call loads.</summary>
    private const long TileBytes = 1 << 20;

    private readonly AttentionOptions _options;
    private readonly Tensor<float> _output;
    private readonly Tensor<float> _q;
    private readonly Tensor<float> _k;
    private readonly Tensor<float> _v;
    private readonly Tensor<float> _outputGradient;
    private readonly ResidentAttention? _resident;
    private AttentionGradients<float>? _gradients;
    private bool _hasRun;

    /// <summary>Makes the operands; those of an accelerator, and results, stay on it.</summary>
    /// <param name="session">The device.</param>
    /// <param name="threads">Host threads.</param>
    /// <param name="causal">Whether later keys are masked.</param>
    /// <param name="withGradients">Whether gradients follow.</param>
    public AttentionCase(DeviceSession session, int threads, bool causal, bool withGradients)
        : this(session, threads, causal, withGradients, session.IsTiny ? (1, 2, 70, 16) : (FittingItems(session), 8, 1024, 64), repeats: 1)
    {
    }

    private AttentionCase(DeviceSession session, int threads, bool causal, bool withGradients, (int Batch, int Heads, int Length, int Width) size, int repeats, bool hasFloor = true)
    {
        HasFloor = hasFloor;
        (Batch, Heads, Length, Width) = size;
        (Threads, Repeats) = (threads, repeats);
        IsCausal = causal;
        WithGradients = withGradients;
        _options = new() { Device = session.Device, Threads = threads, Causal = causal ? CausalAlignment.TopLeft : CausalAlignment.None };
        (Q, K, V, Gradient) = (Draw(7), Draw(8), Draw(9), Draw(10));
        (_q, _k, _v, _outputGradient, _output) = (Shaped(Q), Shaped(K), Shaped(V), Shaped(Gradient), Shaped(new float[Q.Length]));
        double pairs = (double)Batch * Heads * Length * (causal ? (Length + 1) / 2.0 : Length), bytes = 4.0 * Q.Length;
        _resident = session.IsHost ? null : new(_q, _k, _v, withGradients ? _outputGradient : null, _options);
        pairs *= repeats;
        bytes *= repeats;
        Work = new(pairs * Width * (withGradients ? 14 : 4), pairs * (withGradients ? 3 : 1), bytes * (withGradients ? 8 : 3), bytes * (withGradients ? 4 : 1));
    }

    /// <summary>16 items and 8 heads of short sequences, as often as a clock needs.</summary>
    public static AttentionCase Short(DeviceSession session, int threads, int length, int width)
    {
        double flops = 16.0 * 8 * length * length * width * 4;
        return new(session, threads, causal: false, withGradients: false, (16, 8, length, width), session.IsTiny ? 1 : Math.Max(1, (int)(ShortFlops / flops)));
    }

    /// <summary>Many short sequences: 512 items and 8 heads of 48 queries and keys, 32 wide, in one launch.</summary>
    public static AttentionCase Many(DeviceSession session, int threads) =>
        new(session, threads, causal: false, withGradients: false, session.IsTiny ? (4, 2, 48, 32) : (session.Fit(4, 512, [512, 64, 4], isDouble: false, items => items * 8 * 48 * 48 * 32 * 4, _ => 0), 8, 48, 32), repeats: 1);

    /// <summary>One item and two heads of 32 queries and keys, 16 wide: what one call costs.</summary>
    public static AttentionCase Small(DeviceSession session, int threads) =>
        new(session, threads, causal: false, withGradients: false, (1, 2, 32, 16), repeats: 1, hasFloor: false);

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

    /// <summary>Whether later keys are masked.</summary>
    public bool IsCausal { get; }

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
        if (_resident is not null)
        {
            _resident.Run();
            return;
        }

        long before = _hasRun ? 0 : GC.GetTotalAllocatedBytes(precise: true);
        for (int i = 0; i < Repeats; i++) Attend();
        if (_hasRun) return;
        _hasRun = true;
        RequireLinearMemory(GC.GetTotalAllocatedBytes(precise: true) - before);
    }

    /// <inheritdoc/>
    public override Action? EndToEnd => _resident is null ? null : Attend;

    /// <summary>One call on tensors of the host.</summary>
    private void Attend()
    {
        if (!WithGradients)
        {
            Attention.Forward<float>(_q.AsReadOnlyTensorSpan(), _k.AsReadOnlyTensorSpan(), _v.AsReadOnlyTensorSpan(), _output.AsTensorSpan(), _options);
            return;
        }

        AttentionResult<float> forward = Attention.ForwardWithLogSumExp(_q, _k, _v, _options);
        _gradients = Attention.Backward(_q, _k, _v, forward, _outputGradient, _options);
    }

    /// <summary>The first run allocates its working memory, too: outputs, log-sum-exps and tiles, and no matrix of queries by keys.</summary>
    private void RequireLinearMemory(long allocated)
    {
        // Output and three gradients; log-sum-exps, what rounding takes off them, and what the gradients of weights average to.
        long rows = (long)Batch * Heads * Length, results = WithGradients ? 4 * rows * ((4 * Width) + 3) : 0;
        long allowed = results + ((Threads + 1) * TileBytes) + (Repeats * 4096L);
        if (allocated > allowed) throw new InvalidOperationException($"attention of {Shape} allocated {allocated} bytes; results and tiles take {allowed}");
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
        for (int key = 0; key < keys; key++) weights[key] = Dot(Q, query, K, head + key) / Math.Sqrt(Width);
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

    private double Dot(float[] left, int row, float[] right, int other)
    {
        double sum = 0;
        for (int d = 0; d < Width; d++) sum += (double)left[(row * Width) + d] * right[(other * Width) + d];
        return sum;
    }

    private float[] Draw(int seed) => Samples.Uniform<float>(Batch * Heads * Length, Width, seed);

    private Tensor<float> Shaped(float[] elements) => Tensor.Create(elements, [Batch, Heads, Length, Width]);
}
