using System.Runtime.InteropServices;

namespace FusionKernels.Peers;

/// <summary>What is used of libsvm.</summary>
internal static class Libsvm
{
    /// <summary>The library's name.</summary>
    public const string Library = "svm";

    /// <summary>The environment variable that names the folder of its source.</summary>
    public const string SourceVariable = "LIBSVM_SOURCE";

    /// <summary>Takes a Gram matrix, row by row, as libsvm wants it.</summary>
    [DllImport(Library, EntryPoint = "peer_svm_prepare")]
    public static extern nint Prepare(double[] gram, int rows, int[] labels);

    /// <summary>Fits the machines of all pairs of classes, with libsvm's shrinking and a cache of a GiB.</summary>
    [DllImport(Library, EntryPoint = "peer_svm_train")]
    public static extern void Train(nint machines, double cost, double tolerance);

    /// <summary>The decisions of all machines for a training row.</summary>
    [DllImport(Library, EntryPoint = "peer_svm_decide")]
    public static extern void Decide(nint machines, int row, double[] decisions);

    /// <summary>Gives the memory back.</summary>
    [DllImport(Library, EntryPoint = "peer_svm_free")]
    public static extern void Free(nint machines);
}
