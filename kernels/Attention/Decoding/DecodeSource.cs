namespace FusionKernels.Kernels.Attention.Decoding;

/// <summary>Where keys and values lie.</summary>
/// <typeparam name="T">The element.</typeparam>
/// <param name="keys">Keys.</param>
/// <param name="values">Values.</param>
internal readonly struct DecodeSource<T>(KeyRows<T> keys, KeyRows<T> values)
    where T : unmanaged
{
    /// <summary>Keys.</summary>
    public readonly KeyRows<T> Keys = keys;

    /// <summary>Values.</summary>
    public readonly KeyRows<T> Values = values;
}
