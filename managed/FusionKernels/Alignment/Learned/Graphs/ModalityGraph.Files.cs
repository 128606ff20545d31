using System.Globalization;

namespace FusionKernels;

/// <content>Nodes and edges in files.</content>
internal sealed partial class ModalityGraph<T>
{
    private const string Presence = "nodes.present", Neighbours = "neighbours";

    /// <summary>Adds what a file keeps: by view features of the nodes and edges; which nodes are there; the kernels by which new ones find their nearest.</summary>
    /// <exception cref="NotSupportedException">A kernel is of a matrix that was given.</exception>
    public void Write(Dictionary<string, string> notes, Dictionary<string, SafetensorsEntry> tensors)
    {
        notes.Add(Neighbours, _neighbours.ToString(CultureInfo.InvariantCulture));
        tensors.Add(Presence, SafetensorsEntry.Of(Array.ConvertAll(_present, present => (byte)(present ? 1 : 0))));
        for (int view = 0; view < Views; view++)
        {
            notes.Add(KernelOf(view), _kernels[view].ToWords());
            tensors.Add(FeaturesOf(view), SafetensorsEntry.Of(Features[view]));
            tensors.Add($"{EdgesOf(view)}.starts", SafetensorsEntry.Of(_near[view].RowStarts.ToArray()));
            tensors.Add($"{EdgesOf(view)}.columns", SafetensorsEntry.Of(_near[view].ColumnIndices.ToArray()));
            tensors.Add($"{EdgesOf(view)}.values", SafetensorsEntry.Of(_near[view].Values.ToArray()));
        }
    }

    /// <summary>The graph of a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="widths">By view: its features.</param>
    /// <exception cref="DataFormatException">Something is absent, of another shape or element, or not finite.</exception>
    /// <exception cref="ArgumentException">Edges do not join these nodes.</exception>
    /// <exception cref="FormatException">Words are no kernel's.</exception>
    public static ModalityGraph<T> Read(LearnedModelFile file, int[] widths)
    {
        SafetensorsFile notes = file.Notes;
        int rows = notes.ShapeOf(FeaturesOf(0)) is [>= 2 and <= int.MaxValue and var count, _] ? (int)count : 2;
        byte[] present = notes.Read<byte>(Presence, [checked(rows * widths.Length)]);
        int wrong = Array.FindIndex(present, one => one > 1);
        if (wrong >= 0) throw notes.Error($"tensor '{Presence}', element {wrong}", "0 or 1", $"{present[wrong]}");
        return new(
            [.. widths.Select((width, view) => file.Matrix<T>(FeaturesOf(view), rows, width))],
            [.. widths.Select((_, view) => EdgesIn(notes, view, rows))],
            Array.ConvertAll(present, one => one == 1),
            [.. widths.Select((width, view) => KernelIn(notes, view, width))],
            notes.IntegerNote(Neighbours));
    }

    private static string FeaturesOf(int view) => $"nodes.{view}";

    private static string EdgesOf(int view) => $"edges.{view}";

    private static string KernelOf(int view) => $"kernel.{view}";

    private static SparseMatrix<T> EdgesIn(SafetensorsFile file, int view, int rows)
    {
        string values = $"{EdgesOf(view)}.values";
        int count = file.ShapeOf(values) is [>= 0 and <= int.MaxValue and var entries] ? (int)entries : 0;
        return SparseMatrix<T>.Of(rows, rows, file.Read<int>($"{EdgesOf(view)}.starts", [rows + 1]), file.Read<int>($"{EdgesOf(view)}.columns", [count]), file.ReadFinite<T>(values, [count]));
    }

    /// <summary>A kernel that was checked against rows of so many features, which new ones will have too.</summary>
    private static Kernel KernelIn(SafetensorsFile file, int view, int width)
    {
        Kernel kernel = Kernel.Parse(file.Note(KernelOf(view)));
        _ = kernel.Compile<T>(width);
        return kernel;
    }
}
