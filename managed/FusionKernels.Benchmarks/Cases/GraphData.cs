namespace FusionKernels.Bench;

/// <summary>A citation graph of Cora's sizes, drawn by a seed: 2708 documents, 5278 links, 1433 words of which a document has 18.</summary>
internal sealed class GraphData
{
    /// <summary>Draws it.</summary>
    /// <param name="tiny">Whether it is as small as can be.</param>
    public GraphData(bool tiny)
    {
        (Nodes, Links, Words) = tiny ? (60, 120, 40) : (2708, 5278, 1433);
        const int WordsOfOne = 18;
        Random random = new(5);
        Edges = [.. Enumerable.Range(0, Links).Select(_ => (random.Next(Nodes), random.Next(Nodes))).Where(edge => edge.Item1 != edge.Item2)];
        Graph = FusionKernels.Graph.Normalize(FusionKernels.Graph.FromEdges<float>(Nodes, Edges));
        Features = SparseMatrix<float>.FromEntries(
            Nodes, Words, Enumerable.Range(0, Nodes).SelectMany(node => Enumerable.Range(0, WordsOfOne).Select(_ => random.Next(Words)).Distinct().Select(word => (node, word, 1f / WordsOfOne))));
        Labels = [.. Enumerable.Range(0, Nodes).Select(_ => random.Next(Classes))];
        Given = [.. Enumerable.Range(0, tiny ? 14 : 140)];
    }

    /// <summary>Classes.</summary>
    public static int Classes => 7;

    /// <summary>Features between the layers.</summary>
    public static int Hidden => 16;

    /// <summary>Nodes.</summary>
    public int Nodes { get; }

    /// <summary>Links, before those of a node to itself are left out.</summary>
    public int Links { get; }

    /// <summary>Words.</summary>
    public int Words { get; }

    /// <summary>The links.</summary>
    public (int A, int B)[] Edges { get; }

    /// <summary>nodes x nodes, with self-loops, normalised.</summary>
    public SparseMatrix<float> Graph { get; }

    /// <summary>nodes x words.</summary>
    public SparseMatrix<float> Features { get; }

    /// <summary>By node: its class.</summary>
    public int[] Labels { get; }

    /// <summary>The nodes whose labels are known.</summary>
    public int[] Given { get; }
}
