using System.Numerics.Tensors;

namespace FusionKernels.Bench;

/// <summary>The learned methods on real data. Settings and epochs are chosen on a part of the training rows, seed by seed; rows that are held out judge what was chosen, and nothing else.</summary>
internal static partial class LearnedCases
{
    private const string DigitsData = "mfeat, every fifth digit held out", WikipediaData = "Wikipedia, its own split";

    /// <summary>All of them.</summary>
    /// <param name="folder">The folder of the data.</param>
    /// <param name="picture">Where pixels that were drawn from Fourier coefficients go; null for nowhere.</param>
    public static IReadOnlyList<LearnedCase> Of(string folder, string? picture = null)
    {
        LearnedData data = new(folder, picture);
        return
        [
            new("deep CCA", $"{DigitsData}, fac-fou", "total correlation of 10 components beyond linear CCA's", "0: linear CCA, its ridge chosen on the held-out digits", 0, false, seed => DeepBeyondLinear(data, seed)),
            new("contrastive, labels", WikipediaData, "mean average precision", ".229: linear CCA, ridge 1e-4", 0.229, false, seed => Contrastive(data, seed)),
            new("split autoencoder", $"{DigitsData}, pixels from fou", "R²", ".239: ridge", 0.24, false, seed => Pixels(data, "fou", seed)),
            new("split autoencoder", $"{DigitsData}, pixels from zer", "R²", ".375: ridge", 0.38, false, seed => Pixels(data, "zer", seed)),
            new("split autoencoder", $"{DigitsData}, pixels from kar", "R²", ".862: ridge", 0.87, false, seed => Pixels(data, "kar", seed)),
            new("adversarial, labels and triplets", WikipediaData, "mean average precision", ".229: linear CCA, ridge 1e-4", 0.229, false, seed => Adversarial(data, seed)),
            new("adversarial, labels and triplets", WikipediaData, "a fresh discriminator's distance from one half, over that without the adversary", "1: without", 1, true, seed => new(Confusion(data, seed))),
            .. Graphs(data),
        ];
    }

    private static LearnedFigure DeepBeyondLinear(LearnedData data, ulong seed)
    {
        const int Components = 10;
        (Tensor<float> x, Tensor<float> newX) = LearnedData.Split(data.Digits("fac"));
        (Tensor<float> y, Tensor<float> newY) = LearnedData.Split(data.Digits("fou"));
        double linear = 0;
        foreach (double ridge in (ReadOnlySpan<double>)[0, 0.01, 0.03, 0.1, 0.3, 1])
        {
            (Tensor<float> u, Tensor<float> v) = CanonicalCorrelation.Fit(x, y, new() { Components = Components, Ridge = ridge }).Transform(newX, newY);
            linear = Math.Max(linear, Enumerable.Range(0, Components).Sum(component => Correlation(u, v, component)));
        }

        DeepCanonicalCorrelationOptions options = new()
        {
            Activation = Activation.Relu,
            Components = Components,
            BatchSize = 400,
            Ridge = 1e-3,
            Epochs = 150,
            ValidationRows = Held((int)x.Lengths[0], seed),
            Patience = 30,
            Optimizer = new AdamW { LearningRate = 1e-3, WeightDecay = 0.1 },
            Seed = seed,
        };
        return LearnedFigure.Of(
            [("256 wide, dropout .2", options with { HiddenX = [256], HiddenY = [256], Dropout = 0.2 }), ("512 wide, dropout .4", options with { HiddenX = [512], HiddenY = [512], Dropout = 0.4 })],
            setting => DeepCanonicalCorrelation.Fit(x, y, setting),
            model => -model.Training.BestLoss,
            (_, model) => model.Evaluate(newX, newY).Sum() - linear);
    }

    private static LearnedFigure Contrastive(LearnedData data, ulong seed)
    {
        (Tensor<float> x, Tensor<float> y) = (data.Wikipedia("image_train"), data.Wikipedia("text_train"));
        int[] labels = data.WikipediaLabels("labels_train"), held = Held(labels.Length, seed);
        ContrastiveOptions options = new()
        {
            HiddenX = [128],
            HiddenY = [64],
            Activation = Activation.Relu,
            Dropout = 0.3,
            Components = 32,
            Labels = labels,
            BatchSize = 256,
            Epochs = 80,
            ValidationRows = held,
            Patience = 15,
            Scale = 5,
            Optimizer = new AdamW { LearningRate = 1e-3, WeightDecay = 0.1 },
            Seed = seed,
        };
        return LearnedFigure.Of(
            [("128 and 64 wide, factor from 5", options), ("128 and 64 wide, factor from 14", options with { Scale = 14 }), ("linear, factor from 5", options with { HiddenX = [], HiddenY = [] })],
            setting => ContrastiveAlignment.Fit(x, y, setting),
            model => Found(model, x, y, labels, held),
            (_, model) => Found(model, data));
    }

    private static LearnedFigure Pixels(LearnedData data, string source, ulong seed)
    {
        const int Pixels = 240, Width = 15, Batch = 64;
        (Views train, Views test) = LearnedData.Split(Views.Of(("pix", View.Images(data.Digits("pix").Reshape([2000, Pixels / Width, Width]))), (source, data.Digits(source))));
        int[] held = Held(train.Rows, seed), kept = [.. Enumerable.Range(0, train.Rows).Except(held)];
        AutoencoderOptions options = new() { Mode = AutoencoderMode.Split, Source = source, Activation = Activation.GeluTanh, Components = 96, BatchSize = Batch, Epochs = 100, Seed = seed };
        AutoencoderOptions wide = options with { Hidden = [512], Dropout = 0.5, Optimizer = Decaying(0.4) };
        return LearnedFigure.Of(
            [
                ("512 wide, dropout .5, decay .4", wide),
                ("512 wide, dropout .5, decay .4, 250 epochs", wide with { Epochs = 250 }),
                ("256 wide, dropout .2, decay .1", options with { Hidden = [256], Dropout = 0.2, Optimizer = Decaying(0.1) }),
            ],
            setting => Fitted(train.Take(kept), setting),
            model => model.Evaluate(train.Take(held))[0],
            (setting, _) =>
            {
                AutoencoderModel<float> model = Fitted(train, setting);
                if (source == "fou" && seed == 1 && data.Picture is { } picture) Draw(picture, model, test);
                return model.Evaluate(test)[0];
            });
        static AdamW Decaying(double decay) => new() { LearningRate = 3e-3, WeightDecay = decay };

        // The rate falls to 0 with the last step, however many there are.
        static AutoencoderModel<float> Fitted(Views rows, AutoencoderOptions setting) => AutoencoderAlignment.Fit<float>(
            rows, setting with { Optimizer = setting.Optimizer with { CosineSteps = setting.Epochs * ((rows.Rows + Batch - 1) / Batch) } });

        // Digits come class by class, 40 held-out ones of each: two of every class, in turn.
        void Draw(string picture, AutoencoderModel<float> model, Views rows) => AtomicFile.WriteBytes(
            picture,
            ImagePairs.Png(
                LearnedData.Split(data.Digits("pix")).Test,
                model.Reconstruct("pix", rows.Select(source)),
                [.. Enumerable.Range(0, 20).Select(place => (40 * (place % 10)) + (place / 10))],
                Pixels / Width,
                Width));
    }

    private static LearnedFigure Adversarial(LearnedData data, ulong seed)
    {
        (Tensor<float> x, Tensor<float> y) = (data.Wikipedia("image_train"), data.Wikipedia("text_train"));
        int[] labels = data.WikipediaLabels("labels_train"), held = Held(labels.Length, seed);
        AdversarialOptions options = Options(labels, held, seed), light = options with { TripletWeight = 1 };
        return LearnedFigure.Of(
            [
                ("triplets 1, reversal .1", light),
                ("triplets 1, reversal .1, momentum .9", light with { Optimizer = Following(0.9) }),
                ("triplets 1, reversal .1, pairs 1", light with { PairWeight = 1 }),
                ("triplets 5, reversal .05", options with { Reversal = 0.05 }),
                ("triplets 5, reversal .1", options),
                ("triplets 5, reversal .3", options with { Reversal = 0.3 }),
            ],
            setting => AdversarialAlignment.Fit(x, y, setting),
            model => Found(model, x, y, labels, held),
            (_, model) => Found(model, data));
    }

    /// <summary>The share of the distance from one half that the adversary leaves: by a fresh discriminator, trained on the codes of half of the test rows and judged on the others.</summary>
    private static double Confusion(LearnedData data, ulong seed)
    {
        AdversarialOptions options = Options(data.WikipediaLabels("labels_train"), [], seed) with { PairWeight = 1, DiscriminatorHidden = [64], Epochs = 60, Patience = 0 };
        return Tellable(options with { Reversal = 1 }) / Tellable(options with { Reversal = 0 });

        double Tellable(AdversarialOptions fit)
        {
            AdversarialModel<float> model = AdversarialAlignment.Fit(data.Wikipedia("image_train"), data.Wikipedia("text_train"), fit);
            (Tensor<float> u, Tensor<float> v) = model.Transform(data.Wikipedia("image_test"), data.Wikipedia("text_test"));
            return Math.Abs(ModalityProbe.Accuracy(u, v, seed) - 0.5);
        }
    }

    private static AdversarialOptions Options(int[] labels, int[] held, ulong seed) => new()
    {
        HiddenX = [128],
        HiddenY = [64],
        Activation = Activation.Relu,
        Dropout = 0.3,
        Components = 32,
        Labels = labels,
        BatchSize = 256,
        Epochs = 80,
        ValidationRows = held,
        Patience = 15,
        Optimizer = Following(0.5),
        Seed = seed,
    };

    private static AdamW Following(double momentum) => new() { LearningRate = 1e-3, WeightDecay = 0.1, Beta1 = momentum };

    private static int[] Held(int rows, ulong seed)
    {
        int[] order = [.. Enumerable.Range(0, rows)];
        new Random((int)seed).Shuffle(order);
        return [.. order.Take(rows / 5).Order()];
    }

    /// <summary>Mean average precision by class among some of the training pairs.</summary>
    private static double Found(CommonSpaceModel<float> model, Tensor<float> x, Tensor<float> y, int[] labels, int[] rows)
    {
        int[] asked = [.. rows.Select(row => labels[row])];
        return Mean(model.Evaluate(GramPart.Rows(x, rows), GramPart.Rows(y, rows), asked, asked));
    }

    /// <summary>Mean average precision by class among the test pairs.</summary>
    private static double Found(CommonSpaceModel<float> model, LearnedData data)
    {
        int[] labels = data.WikipediaLabels("labels_test");
        return Mean(model.Evaluate(data.Wikipedia("image_test"), data.Wikipedia("text_test"), labels, labels));
    }

    private static double Mean(RetrievalResult found) => (found.AToB.MeanAveragePrecision + found.BToA.MeanAveragePrecision) / 2;

    private static double Correlation(Tensor<float> u, Tensor<float> v, int component)
    {
        int rows = (int)u.Lengths[0];
        double meanU = Enumerable.Range(0, rows).Average(row => u[row, component]), meanV = Enumerable.Range(0, rows).Average(row => v[row, component]), uu = 0, vv = 0, uv = 0;
        for (int row = 0; row < rows; row++)
        {
            double a = u[row, component] - meanU, b = v[row, component] - meanV;
            (uu, vv, uv) = (uu + (a * a), vv + (b * b), uv + (a * b));
        }

        return uv / Math.Sqrt(uu * vv);
    }
}
