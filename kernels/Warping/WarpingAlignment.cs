namespace FusionKernels.Kernels.Warping;

/// <summary>One alignment: its value and its path.</summary>
/// <typeparam name="T">The element.</typeparam>
/// <param name="EndValue">The value of the table's cell where the path ends.</param>
/// <param name="Distance">The finished value.</param>
/// <param name="X">The sample of x of each pair on the path, in order.</param>
/// <param name="Y">The sample of y of each pair.</param>
internal sealed record WarpingAlignment<T>(T EndValue, T Distance, int[] X, int[] Y)
    where T : unmanaged;
