using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>Adversarial alignment: a network for each of two views into a common space that tells classes and partners, but not from which view a row comes (Wang et al. 2017, ACMR; Ganin and Lempitsky 2015).</summary>
/// <remarks>
/// <para>Features are standardized by the rows of the fit; outputs are compared by their cosine. A discriminator learns to name the
/// modality of each direction, and its gradient goes into the networks with the opposite sign. Beside it teach the cross-entropy of
/// classes by one linear map of both views' outputs, triplets of all rows of a batch (what is of the class, or the partner, against
/// every row that is not), and the distance of partners. Losses that are told, and by which an epoch is
/// chosen, leave the discriminator out: its loss is high where the space is good.</para>
/// <para>NaN is rejected with its position; rows that lack a view do not train, whatever stands there. The same seed gives the same
/// bits from run to run on one device and for any number of threads. Cost of an epoch: about 6 rows parameters + 6 rows batch components operations.</para>
/// </remarks>
public static class AdversarialAlignment
{
    /// <summary>What files of fitted models are called.</summary>
    internal const string Kind = "adversarial-alignment";

    /// <summary>The version of such files.</summary>
    internal const int Version = 1;

    private const string FitName = "AdversarialAlignment.Fit";

    /// <summary>Fits the networks.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="x">rows x features of the first view.</param>
    /// <param name="y">rows x features of the second view; row i belongs to row i of the first.</param>
    /// <param name="options">Networks, losses and training; null for linear maps to 32 features.</param>
    /// <exception cref="ArgumentException">Rows or labels differ in number, an element is not finite, or nothing teaches; the place is named.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number of the options or a label is out of range.</exception>
    /// <exception cref="NumericalException">The loss is not finite.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static AdversarialModel<T> Fit<T>(Tensor<T> x, Tensor<T> y, AdversarialOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        options ??= new();
        options.CheckModel();
        PairedRows<T> rows = PairedRows<T>.Of(x, y, options.Presence, FitName);
        int[]? labels = options.Labels is null ? null : Checked(rows.Select(options.Labels, FitName), rows.Rows);
        ParameterSet<T> parameters = new(options.Seed);
        TwoTowers<T> towers = new(parameters, rows, options.Components, options);
        DenseLayers<T>? classes = labels is null ? null : new(parameters.In("label"), [options.Components, labels.Max() + 1]);
        DenseLayers<T> discriminator = new(parameters.In("modality"), [options.Components, .. options.DiscriminatorHidden, 1]);
        double steps = (double)options.Epochs * Math.Max(1, rows.Rows / Math.Min(options.BatchSize, rows.Rows));
        TrainingResult training = Trainer.Fit(
            parameters,
            options.Optimizer,
            rows.Rows,
            (tape, batch) =>
            {
                Var<T> outputsX = towers.X(tape.Rows(rows.X, batch)), outputsY = towers.Y(tape.Rows(rows.Y, batch)), u = outputsX.Unit(), v = outputsY.Unit();
                int[] groups = [.. labels is null ? Enumerable.Range(0, batch.Length) : batch.ToArray().Select(row => labels[row])];
                Var<T> loss = options.PairWeight * (u - v).Square().Sum(-1).Mean();
                if (classes is not null) loss += 0.5 * options.LabelWeight * (Loss.CrossEntropy(classes.Forward(outputsX), groups) + Loss.CrossEntropy(classes.Forward(outputsY), groups));
                if (options.TripletWeight > 0) loss += options.TripletWeight * Triplets(u, v, groups, options.Margin);
                if (!tape.IsTraining) return loss;
                double lambda = options.Reversal * ((2 / (1 + Math.Exp(-10 * Math.Min(1, tape.Step / steps)))) - 1);
                return loss + GradientOf(Adversary(discriminator, u.ReverseGradient(lambda), v.ReverseGradient(lambda)));
            },
            options);
        return new(towers, discriminator, parameters, training);
    }

    /// <summary>Reads a model that <see cref="AdversarialModel{T}.Save"/> wrote; it transforms bit for bit as the saved one did.</summary>
    /// <typeparam name="T">The element of the fit.</typeparam>
    /// <param name="path">The file.</param>
    /// <param name="execution">Where the model computes; null for the default device.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="DataFormatException">The file is malformed, damaged, of another kind, version or element, or its tensors do not fit together.</exception>
    public static AdversarialModel<T> Load<T>(string path, ExecutionOptions? execution = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using LearnedModelFile file = LearnedModelFile.Open(path, Kind, Version);
        ParameterSet<T> parameters = file.Parameters<T>();
        TwoTowers<T> towers = TwoTowers<T>.Read(file, parameters, execution);
        int[] widths = file.Widths("modality");
        if (widths[0] != towers.Outputs || widths[^1] != 1) throw file.Notes.Error("the discriminator", $"{towers.Outputs} inputs and 1 output", $"{widths[0]} and {widths[^1]}");
        if (file.Notes.ShapeOf("label.0.weight") is not null) _ = new DenseLayers<T>(parameters.In("label"), file.Widths("label"));
        DenseLayers<T> discriminator = new(parameters.In("modality"), widths);
        return new(towers, discriminator, parameters, file.Training());
    }

    /// <summary>The loss of naming modalities: of real or made rows, 0 and 1.</summary>
    internal static Var<T> Adversary<T>(DenseLayers<T> discriminator, Var<T> zeros, Var<T> ones)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int first = (int)zeros.Lengths[0], rows = first + (int)ones.Lengths[0];
        Tensor<T> answers = Tensor.Create([.. Enumerable.Range(0, rows).Select(row => row < first ? T.Zero : T.One)], [rows, 1]);
        return Loss.BinaryCrossEntropy(discriminator.Forward(Var<T>.Stack(zeros, ones)), zeros.Tape.Constant(answers));
    }

    /// <summary>0, with the gradient of a loss: what is played against must teach, but its value says nothing of how good a model is.</summary>
    internal static Var<T> GradientOf<T>(Var<T> loss)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => loss - loss.Detach();

    /// <summary>The mean over both directions and all rows that do not belong together of max(0, cosine - mean cosine of what does + margin); 0 where everything belongs together.</summary>
    internal static Var<T> Triplets<T>(Var<T> u, Var<T> v, int[] groups, double margin)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int rows = groups.Length;
        T[] alike = new T[rows * rows], others = new T[rows * rows];
        ILookup<int, int> members = Enumerable.Range(0, rows).ToLookup(row => groups[row]);
        for (int i = 0; i < rows; i++)
        {
            T share = T.CreateChecked(1.0 / members[groups[i]].Count());
            for (int j = 0; j < rows; j++) (alike[(i * rows) + j], others[(i * rows) + j]) = groups[i] == groups[j] ? (share, T.Zero) : (T.Zero, T.One);
        }

        int apart = others.Count(other => other == T.One);
        Var<T> together = u.Tape.Constant(Tensor.Create(alike, [rows, rows])), against = u.Tape.Constant(Tensor.Create(others, [rows, rows])), cosines = u.MatMul(v, transposeOther: true);
        return 0.5 / Math.Max(1, apart) * (OneWay(cosines) + OneWay(cosines.Transpose()));

        Var<T> OneWay(Var<T> from) => ((from - (from * together).Sum(-1).Reshape(rows, 1) + margin).Activate(Activation.Relu) * against).Sum();
    }

    private static int[] Checked(int[] labels, int rows)
    {
        int wrong = Array.FindIndex(labels, label => label < 0 || label >= rows);
        return wrong < 0 ? labels : throw new ArgumentOutOfRangeException(nameof(labels), labels[wrong], $"{FitName}: a label is out of range: classes of {rows} rows count from 0 to {rows - 1} at most");
    }
}
