using System.Numerics.Tensors;
using FusionKernels;
using FusionTasks.Data;

namespace FusionTasks.Tasks;

/// <summary>Questions about images (easy-VQA): words attend to patches; beside the majority, the question alone, and the trained net with grey images.</summary>
internal static class QuestionsTask
{
    /// <summary>Images of a step.</summary>
    private const int Batch = 32;

    /// <summary>Runs the task. Width, blocks and rate were set once; the validation images choose the epoch that is kept.</summary>
    public static TaskResult Run(TaskOptions options)
    {
        Dictionary<string, int> words = [], answers = [];
        EasyVqa train = EasyVqa.Read(options, "train", words, answers), test = EasyVqa.Read(options, "test", words, answers);
        (int Image, int[] Questions)[] items = Items(train);
        int[] held = [.. Enumerable.Range(0, items.Length).Where(at => items[at].Image % 10 == 9)];
        ParameterSet<float> parameters = new((ulong)options.Seed);
        QuestionNet net = new(parameters, words.Count + 1, answers.Count, features: 48, blocks: 1);
        int epochs = options.IsTiny ? 1 : 8, steps = epochs * (items.Length - held.Length) / Batch;
        using ComputeDevice device = ComputeDevice.Open("host");
        TrainingResult result = Trainer.Fit(parameters, new AdamW { LearningRate = 2e-3, WarmUpSteps = Math.Min(200, steps / 4), CosineSteps = steps, ClipNorm = 1, WeightDecay = 0.01 }, items.Length, Loss, new()
        {
            Device = device,
            Threads = options.Threads,
            Epochs = epochs,
            BatchSize = Batch,
            Seed = (ulong)options.Seed,
            ValidationRows = held,
            Progress = new Told(options.Out),
        });
        double found = Accuracy(net, test, device, options, isBlind: false), blind = Accuracy(net, test, device, options, isBlind: true);
        string figures = $"attention {ReportLines.Percent(found)} (epoch {result.BestEpoch} of {epochs}), question only {ReportLines.Percent(ByQuestion(train, test))}, image-blind {ReportLines.Percent(blind)}, majority {ReportLines.Percent(Majority(train, test))}";
        return new("easy-VQA, 38,575 / 9,673 questions", figures, "87.6 by attention over patches and words", found >= 0.876);

        Var<float> Loss(Tape<float> tape, ReadOnlySpan<int> rows)
        {
            (int Image, int[] Questions)[] batch = [.. rows.ToArray().Select(row => items[row])];
            return FusionKernels.Loss.CrossEntropy(net.Forward(tape, train, batch), [.. batch.SelectMany(item => item.Questions).Select(question => train.Answers[question])]);
        }
    }

    /// <summary>Images with their questions, in parts of so many as are asked together.</summary>
    private static (int Image, int[] Questions)[] Items(EasyVqa set) =>
        [.. Enumerable.Range(0, set.Images.Length).GroupBy(row => set.Images[row]).SelectMany(group => group.Chunk(QuestionNet.Together).Select(rows => (group.Key, rows)))];

    private static double Accuracy(QuestionNet net, EasyVqa set, ComputeDevice device, TaskOptions options, bool isBlind)
    {
        using Tape<float> tape = new(device, options.Threads);
        int right = 0;
        foreach ((int Image, int[] Questions)[] batch in Items(set).Chunk(Batch))
        {
            tape.Clear();
            Tensor<float> scores = net.Forward(tape, set, batch, isBlind).Read();
            int[] asked = [.. batch.SelectMany(item => item.Questions)];
            int width = (int)scores.Lengths[1];
            float[] row = new float[width];
            for (int q = 0; q < asked.Length; q++)
            {
                for (int c = 0; c < width; c++) row[c] = scores[q, c];
                if (TensorPrimitives.IndexOfMax<float>(row) == set.Answers[asked[q]]) right++;
            }
        }

        return right / (double)set.Answers.Length;
    }

    /// <summary>The commonest answer to the same words in training: all that a question tells alone.</summary>
    private static double ByQuestion(EasyVqa train, EasyVqa test)
    {
        Dictionary<string, int> common = Enumerable.Range(0, train.Answers.Length).GroupBy(row => string.Join(' ', train.Questions[row]))
            .ToDictionary(group => group.Key, group => Commonest(group.Select(row => train.Answers[row])));
        return Enumerable.Range(0, test.Answers.Length).Count(row => common.TryGetValue(string.Join(' ', test.Questions[row]), out int answer) && answer == test.Answers[row]) / (double)test.Answers.Length;
    }

    private static double Majority(EasyVqa train, EasyVqa test)
    {
        int commonest = Commonest(train.Answers);
        return test.Answers.Count(answer => answer == commonest) / (double)test.Answers.Length;
    }

    private static int Commonest(IEnumerable<int> answers) => answers.GroupBy(answer => answer).OrderByDescending(group => group.Count()).ThenBy(group => group.Key).First().Key;

    /// <summary>A line for every epoch.</summary>
    private sealed class Told(TextWriter output) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => output.WriteLine($"   epoch {value.Epoch}: loss {value.TrainingLoss:f3}, of validation images {value.ValidationLoss:f3}");
    }
}
