using FusionKernels.Kernels.Engines;
using FusionKernels.Kernels.Graphs;

namespace FusionKernels;

/// <content>Sparse matrices on the device: brought there when a step first uses them, kept while every step does.</content>
public sealed partial class Tape<T>
{
    private readonly Dictionary<SparseMatrix<T>, ResidentGraph<T>> _graphs = new(ReferenceEqualityComparer.Instance);

    /// <summary>The values of a sparse matrix, one for each entry, that are not trained.</summary>
    internal Var<T> Values(SparseMatrix<T> matrix)
    {
        Node<T> node = New([matrix.Count]);
        Engine.Upload(matrix.Values, node.Buffer, 0);
        return new(this, node);
    }

    /// <summary>A sparse matrix where the tape computes.</summary>
    internal ResidentGraph<T> Resident(SparseMatrix<T> graph, string operation)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (!_graphs.TryGetValue(graph, out ResidentGraph<T>? resident)) _graphs.Add(graph, resident = new(Engine, graph, Named(operation)));
        resident.Generation = Generation;
        return resident;
    }

    /// <summary>Memory for indices until the step ends.</summary>
    internal DeviceBuffer<int> TakeIndices(long elements, string operation) => _indices.Take(elements, Named(operation));

    /// <summary>Gives back the matrices that the step before did not use, or all.</summary>
    private void ForgetGraphs(bool all)
    {
        foreach ((SparseMatrix<T> graph, ResidentGraph<T> resident) in _graphs)
        {
            if (!all && resident.Generation >= Generation - 1) continue;
            resident.Dispose();
            _graphs.Remove(graph);
        }
    }
}

/// <summary>A sparse matrix in the memory of one engine.</summary>
internal sealed class ResidentGraph<T> : IDisposable
    where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
{
    private readonly DeviceBuffer<T> _values;

    /// <summary>Brings a matrix there.</summary>
    public ResidentGraph(Engine engine, SparseMatrix<T> graph, string operation)
    {
        Pattern = new(engine, graph.Pattern, operation);
        try
        {
            _values = engine.Allocate<T>(graph.Count, operation);
        }
        catch
        {
            Pattern.Dispose();
            throw;
        }

        engine.Upload(graph.Values, _values, 0);
    }

    /// <summary>Its pattern.</summary>
    public ResidentPattern Pattern { get; }

    /// <summary>Its values: entries x 1.</summary>
    public MatrixRef<T> Values => new(_values, 0, Pattern.Entries, 1, 1);

    /// <summary>The last step that used it.</summary>
    public int Generation { get; set; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Pattern.Dispose();
        _values.Dispose();
    }
}
