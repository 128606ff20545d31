using System.Numerics;
using FusionKernels.Kernels.Attention;
using FusionKernels.Kernels.Attention.Devices;
using FusionKernels.Kernels.Engines;

namespace FusionKernels;

/// <summary>Attention by the fused passes, where the values lie.</summary>
internal sealed class AttentionOperation<T> : Operation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The one instance.</summary>
    public static AttentionOperation<T> Instance { get; } = new();

    /// <inheritdoc/>
    public override string Name => "Attention";

    /// <summary>Whether the passes run where a tape computes: in float32 everywhere, in float64 on the host.</summary>
    public static bool IsFused(Tape<T> tape) => typeof(T) == typeof(float) || HostExecution.IsHost(tape.Device);

    /// <summary>Computes the value.</summary>
    public static Var<T> Record(Var<T> queries, Var<T> keys, Var<T> values, int heads, ReadOnlySpan<bool> keep, bool isCausal)
    {
        Tape<T> tape = queries.Tape;
        Node<T> q = queries.Node, k = keys.Node, v = values.Node, node = tape.New(Instance, [q.Lengths[0], q.Lengths[1], v.Columns], q, k, v);
        int width = q.Columns / heads;
        AttentionProblem problem = new()
        {
            Batch = q.Lengths[0],
            QueryHeads = heads,
            KeyHeads = heads,
            Queries = q.Lengths[1],
            Keys = k.Lengths[1],
            Width = width,
            ValueWidth = v.Columns / heads,
            Scale = 1 / Math.Sqrt(width),
            Causal = isCausal ? CausalAlignment.TopLeft : CausalAlignment.None,
        };
        Call call = new(problem, keep.IsEmpty ? null : keep.ToArray());
        node.Extra = call;
        node.Saved = tape.Take((long)q.Lengths[0] * heads * q.Lengths[1], Instance.Name);
        if (node.Elements > 0) Run(tape, node, call, AttentionPass.Forward, null, null, null);
        return new(tape, node);
    }

    /// <inheritdoc/>
    public override void Backward(Tape<T> tape, Node<T> node)
    {
        Node<T> q = node.A!, k = node.B!, v = node.C!;
        if (node.Elements == 0) return;
        Call call = (Call)node.Extra!;
        DeviceBuffer<T> ofQueries = tape.Take(q.Elements, Name), ofKeys = tape.Take(k.Elements, Name), ofValues = tape.Take(v.Elements, Name);
        Run(tape, node, call, AttentionPass.Backward, ofQueries, ofKeys, ofValues);
        Bring(tape, q, ofQueries);
        Bring(tape, k, ofKeys);
        Bring(tape, v, ofValues);
    }

    private static void Bring(Tape<T> tape, Node<T> node, DeviceBuffer<T> gradient)
    {
        if (node.NeedsGradient)
        {
            int elements = checked((int)node.Elements);
            tape.Copy(new MatrixRef<T>(gradient, 0, 1, elements, elements).InBuffer, tape.FlatGradientOf(node, out bool adds), adds, Instance.Name);
        }

        tape.Return(gradient);
    }

    /// <summary>Runs a pass; gradients' memory is null on the way there.</summary>
    private static void Run(Tape<T> tape, Node<T> node, Call call, AttentionPass pass, DeviceBuffer<T>? ofQueries, DeviceBuffer<T>? ofKeys, DeviceBuffer<T>? ofValues)
    {
        AttentionProblem problem = call.Problem;
        int heads = problem.QueryHeads;
        Node<T>[] operands = [node.A!, node.B!, node.C!];
        DeviceBuffer<T>[] moved = [.. operands.Select(operand => AtBegin(tape, operand))];
        AttentionResidents<T> residents = new()
        {
            Query = Heads(moved[0], operands[0], heads),
            Key = Heads(moved[1], operands[1], heads),
            Value = Heads(moved[2], operands[2], heads),
            Output = Heads(node.Buffer, node, heads),
            LogSumExp = new(node.Saved!, (long)heads * problem.Queries, problem.Queries, 1, 0),
            OutputGradient = ofQueries is null ? default : Heads(node.Root.Gradient!, node, heads),
            QueryGradient = ofQueries is null ? default : Heads(ofQueries, operands[0], heads),
            KeyGradient = ofKeys is null ? default : Heads(ofKeys, operands[1], heads),
            ValueGradient = ofValues is null ? default : Heads(ofValues, operands[2], heads),
        };
        StridedRef<bool> mask = call.Keep is { } keep ? new(ref keep[0], problem.Keys, 0, 0, 1) : default;
        try
        {
            Attentions.Run(tape.Engine, pass, problem, residents, mask, tape.Settings(Instance.Name));
        }
        catch (ArgumentException failure)
        {
            // What a caller's element would be is a value of the tape here: no argument is wrong, numbers are.
            throw new NumericalException(Instance.Name, tape.FindNonFinite() ?? "an operand", failure.Message);
        }

        for (int i = 0; i < operands.Length; i++)
        {
            if (moved[i] != operands[i].Buffer) tape.Return(moved[i]);
        }
    }

    /// <summary>An operand's memory, or a copy of an operand that begins within its memory, as a parameter does.</summary>
    private static DeviceBuffer<T> AtBegin(Tape<T> tape, Node<T> operand)
    {
        if (operand.Offset == 0) return operand.Buffer;
        DeviceBuffer<T> copy = tape.Take(operand.Elements, Instance.Name);
        int elements = checked((int)operand.Elements);
        tape.Copy(operand.Flat, new MatrixRef<T>(copy, 0, 1, elements, elements).InBuffer, adds: false, Instance.Name);
        return copy;
    }

    /// <summary>Features in heads that lie side by side.</summary>
    private static ResidentTensor<T> Heads(DeviceBuffer<T> buffer, Node<T> node, int heads) =>
        new(buffer, (long)node.Lengths[1] * node.Columns, node.Columns / heads, node.Columns, 1);

    private sealed record Call(AttentionProblem Problem, bool[]? Keep);
}
