using System.Numerics;
using FusionKernels.Kernels.Attention;
using FusionKernels.Kernels.Engines;

namespace FusionKernels;

/// <summary>Attention by the fused passes of the host.</summary>
internal sealed class AttentionOperation<T> : Operation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The one instance.</summary>
    public static AttentionOperation<T> Instance { get; } = new();

    /// <inheritdoc/>
    public override string Name => "Attention";

    /// <summary>Whether a tape computes where the passes run.</summary>
    public static bool IsFused(Tape<T> tape) => tape.Engine is HostEngine;

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
        if (node.Elements > 0) Attentions.Forward((HostEngine)tape.Engine, problem, Tensors(node, call), tape.Settings(Instance.Name));
        return new(tape, node);
    }

    /// <inheritdoc/>
    public override void Backward(Tape<T> tape, Node<T> node)
    {
        Node<T> q = node.A!, k = node.B!, v = node.C!;
        if (node.Elements == 0) return;
        Call call = (Call)node.Extra!;
        DeviceBuffer<T> ofQueries = tape.Take(q.Elements, Name), ofKeys = tape.Take(k.Elements, Name), ofValues = tape.Take(v.Elements, Name);
        AttentionTensors<T> tensors = Tensors(node, call);
        tensors.OutputGradient = Heads(node.Root.Gradient!, node.Root.GradientOffset, node, call.Problem.QueryHeads);
        tensors.QueryGradient = Heads(ofQueries, 0, q, call.Problem.QueryHeads);
        tensors.KeyGradient = Heads(ofKeys, 0, k, call.Problem.QueryHeads);
        tensors.ValueGradient = Heads(ofValues, 0, v, call.Problem.QueryHeads);
        Attentions.Backward((HostEngine)tape.Engine, call.Problem, tensors, tape.Settings(Name));
        Bring(tape, q, ofQueries);
        Bring(tape, k, ofKeys);
        Bring(tape, v, ofValues);
    }

    private static void Bring(Tape<T> tape, Node<T> node, DeviceBuffer<T> gradient)
    {
        if (node.NeedsGradient)
        {
            int elements = checked((int)node.Elements);
            tape.Map(
                new Kernels.Elementwise.Linear1Function<T>(T.One, T.Zero),
                tape.FlatGradientOf(node, out bool adds),
                new MatrixRef<T>(gradient, 0, 1, elements, elements).InBuffer,
                default,
                default,
                adds,
                "Attention");
        }

        tape.Return(gradient);
    }

    private static AttentionTensors<T> Tensors(Node<T> node, Call call)
    {
        AttentionProblem problem = call.Problem;
        int heads = problem.QueryHeads;
        AttentionTensors<T> tensors = new()
        {
            Query = Heads(node.A!.Buffer, node.A!.Offset, node.A!, heads),
            Key = Heads(node.B!.Buffer, node.B!.Offset, node.B!, heads),
            Value = Heads(node.C!.Buffer, node.C!.Offset, node.C!, heads),
            Output = Heads(node.Buffer, node.Offset, node, heads),
            LogSumExp = new(ref First(node.Saved!, 0), (long)heads * problem.Queries, problem.Queries, 1, 0),
        };
        if (call.Keep is { } keep) tensors.Mask = new(ref keep[0], problem.Keys, 0, 0, 1);
        return tensors;
    }

    /// <summary>Features in heads that lie side by side.</summary>
    private static StridedRef<T> Heads(DeviceBuffer<T> buffer, long offset, Node<T> node, int heads) =>
        new(ref First(buffer, offset), (long)node.Lengths[1] * node.Columns, node.Columns / heads, node.Columns, 1);

    private static ref T First(DeviceBuffer<T> buffer, long offset) => ref ((HostBuffer<T>)buffer).Span[(int)offset];

    private sealed record Call(AttentionProblem Problem, bool[]? Keep);
}
