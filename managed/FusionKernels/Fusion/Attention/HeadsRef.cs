using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Attention;

namespace FusionKernels;

/// <summary>A tensor of rank 2 to 4 as items, heads, rows and columns with their strides.</summary>
internal readonly ref struct HeadsRef<T>
    where T : unmanaged
{
    private readonly bool _isHeadsFirst;

    private HeadsRef(ReadOnlyTensorSpan<T> tensor, AttentionLayout layout)
    {
        ReadOnlySpan<nint> lengths = tensor.Lengths, strides = tensor.Strides;
        Rank = lengths.Length;
        _isHeadsFirst = layout == AttentionLayout.BatchHeadsLengthWidth || Rank == 2;
        (int heads, int rows) = _isHeadsFirst ? (Rank - 3, Rank - 2) : (Rank - 2, Rank - 3);
        Batch = Rank == 4 ? (int)lengths[0] : 1;
        Heads = Rank == 2 ? 1 : (int)lengths[heads];
        (Rows, Columns) = ((int)lengths[rows], (int)lengths[^1]);
        Elements = new(ref Unsafe.AsRef(in tensor.GetPinnableReference()), Rank == 4 ? strides[0] : 0, Rank == 2 ? 0 : strides[heads], strides[rows], strides[^1]);
    }

    /// <summary>Dimensions of the tensor.</summary>
    public int Rank { get; }

    /// <summary>Items.</summary>
    public int Batch { get; }

    /// <summary>Heads of an item.</summary>
    public int Heads { get; }

    /// <summary>Rows of a head.</summary>
    public int Rows { get; }

    /// <summary>Columns of a row.</summary>
    public int Columns { get; }

    /// <summary>The tensor's shape in words, its dimensions in their order.</summary>
    public string Words
    {
        get
        {
            string head = Rank == 2 ? $"{Rows}" : _isHeadsFirst ? $"{Heads} x {Rows}" : $"{Rows} x {Heads}";
            return $"{(Rank == 4 ? $"{Batch} x " : "")}{head} x {Columns}";
        }
    }

    /// <summary>Where the elements lie.</summary>
    public StridedRef<T> Elements { get; }

    /// <summary>A tensor of queries, keys, values or outputs.</summary>
    /// <exception cref="ArgumentException">The rank is another, or a length is out of range.</exception>
    public static HeadsRef<T> Of(ReadOnlyTensorSpan<T> tensor, AttentionLayout layout, string name)
    {
        if (tensor.Rank is < 2 or > 4)
        {
            throw new ArgumentException(
                $"'{name}' is {Shape.Of(tensor.Lengths)}; length x width, heads x length x width or batch x heads x length x width is needed", name);
        }

        foreach (nint length in tensor.Lengths)
        {
            if (length > AttentionProblem.LongestLength) throw new ArgumentException($"'{name}' is {Shape.Of(tensor.Lengths)}; every length is limited to {AttentionProblem.LongestLength}", name);
        }

        return new(tensor, layout);
    }
}
