using System.Numerics.Tensors;

namespace FusionKernels.Bench;

/// <summary>One float32 query of 32 heads against a cache of 8 key heads of 32 768 keys, 128 wide: what reading the cache once takes.</summary>
internal sealed class DecodeCase : BenchCase
{
    /// <summary>Places that are compared: each reads a head's whole cache.</summary>
    private const int Compared = 24;

    /// <summary>The fewest keys of a part.</summary>
    private const int PartKeys = 512;

    private readonly KeyValueCache<float> _cache;
    private readonly AttentionOptions _options;
    private readonly Tensor<float> _q;
    private readonly DeviceTensor<float>? _onDevice;
    private readonly WorkingMemory _memory;
    private Tensor<float>? _output;
    private DeviceAttentionResult<float>? _result;

    /// <summary>Fills the cache, which lies on the device, as the query does.</summary>
    public DecodeCase(DeviceSession session, int threads)
    {
        (QueryHeads, KeyHeads, Keys, Width) = session.IsTiny ? (8, 2, 300, 16) : (32, 8, 32_768, 128);
        Q = Samples.Uniform<float>(QueryHeads, Width, seed: 7);
        K = Samples.Uniform<float>(KeyHeads * Keys, Width, seed: 8);
        V = Samples.Uniform<float>(KeyHeads * Keys, Width, seed: 9);
        _options = new() { Device = session.Device, Threads = threads };
        _q = Tensor.Create(Q, [1, QueryHeads, 1, Width]);
        _cache = new(1, KeyHeads, Width, device: session.Device);
        _cache.Append(Tensor.Create(K, [1, KeyHeads, Keys, Width]), Tensor.Create(V, [1, KeyHeads, Keys, Width]));
        _onDevice = session.IsHost ? null : session.Device.Upload(_q);
        _memory = new(session, threads, $"decoding of {Shape}");
        double pairs = (double)QueryHeads * Keys;
        Work = new(pairs * Width * 4, pairs, 4.0 * (Q.Length + K.Length + V.Length), 4.0 * Q.Length);
    }

    /// <summary>Heads of the query.</summary>
    public int QueryHeads { get; }

    /// <summary>Heads of keys and values.</summary>
    public int KeyHeads { get; }

    /// <summary>Keys of a head.</summary>
    public int Keys { get; }

    /// <summary>Features.</summary>
    public int Width { get; }

    /// <summary>The query's heads.</summary>
    public float[] Q { get; }

    /// <summary>Keys, head by head.</summary>
    public float[] K { get; }

    /// <summary>Values, head by head.</summary>
    public float[] V { get; }

    /// <inheritdoc/>
    public override string Shape => $"{QueryHeads} / {KeyHeads} x 1 x {Keys} x {Width}";

    /// <inheritdoc/>
    public override Work Work { get; }

    /// <inheritdoc/>
    public override void Run()
    {
        // The output and log-sum-exp of each part of the keys, and of all.
        long results = 4L * QueryHeads * (Width + 1) * ((Keys / PartKeys) + 2);
        _memory.Hold(_onDevice is null ? Decode : DecodeOnDevice, results);
    }

    /// <summary>The query comes from the host and the output goes back to it; the cache lies on the device, as ever.</summary>
    public override Action? EndToEnd => _onDevice is null ? null : Decode;

    private void Decode() => _output = Attention.Decode(_q, _cache, _options).Output;

    private void DecodeOnDevice()
    {
        _result?.Dispose();
        _result = Attention.Decode(_onDevice!, _cache, _options);
    }

    /// <inheritdoc/>
    public override double MaxError() => Samples.MaxError(
        QueryHeads, Width, (head, column) => _result is null ? _output![0, head, 0, column] : DeviceElements.At(_result.Output, ((long)head * Width) + column), Reference, Compared);

    /// <summary>A feature of one head's output in float64.</summary>
    public double Reference(int head, int column)
    {
        int first = head / (QueryHeads / KeyHeads) * Keys;
        double[] weights = new double[Keys];
        for (int key = 0; key < Keys; key++)
        {
            for (int d = 0; d < Width; d++) weights[key] += (double)Q[(head * Width) + d] * K[((first + key) * Width) + d];
            weights[key] /= Math.Sqrt(Width);
        }

        double largest = weights.Max(), sum = 0, result = 0;
        for (int key = 0; key < Keys; key++)
        {
            double weight = Math.Exp(weights[key] - largest);
            sum += weight;
            result += weight * V[((first + key) * Width) + column];
        }

        return result / sum;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _cache.Dispose();
        _onDevice?.Dispose();
        _result?.Dispose();
    }
}
