namespace FusionKernels.Kernels.Simd;

/// <summary>One or more lanes of 32-bit words: the integer arithmetic of a counter-based generator, the same on every engine.</summary>
/// <typeparam name="TSelf">The implementing type; device code may call every member of <see cref="Word"/>.</typeparam>
internal interface IWords<TSelf>
    where TSelf : unmanaged, IWords<TSelf>
{
    /// <summary>The word in every lane.</summary>
    static abstract TSelf Broadcast(uint word);

    static abstract TSelf operator ^(TSelf left, TSelf right);

    /// <summary>The low 32 bits of a product.</summary>
    static abstract TSelf Low(TSelf left, uint right);

    /// <summary>The high 32 bits of a product.</summary>
    static abstract TSelf High(TSelf left, uint right);
}
