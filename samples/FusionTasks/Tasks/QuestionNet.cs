using System.Numerics.Tensors;
using FusionKernels;
using FusionTasks.Data;

namespace FusionTasks.Tasks;

/// <summary>Words that look at each other and then at the patches of the image, which have looked at each other too; answers from the mean of a question's words.</summary>
internal sealed class QuestionNet
{
    /// <summary>Questions of one image that are asked together; a batch holds images, padded to so many.</summary>
    public const int Together = 10;

    private readonly DenseLayers<float> _patches;
    private readonly Embedding<float> _places;
    private readonly TransformerBlock<float>[] _sights;
    private readonly Embedding<float> _words;
    private readonly Embedding<float> _order;
    private readonly TransformerBlock<float> _question;
    private readonly TransformerBlock<float>[] _looks;
    private readonly LayerNorm<float> _norm;
    private readonly Dense<float> _answers;
    private readonly int _features;

    /// <summary>Declares the layers.</summary>
    public QuestionNet(ParameterSet<float> parameters, int words, int answers, int features, int blocks)
    {
        _features = features;
        _patches = new(parameters.In("patches"), [EasyVqa.Width, 2 * features, features], Activation.Relu);
        _places = new(parameters.In("places"), EasyVqa.Places, features);
        _sights = [.. Enumerable.Range(0, blocks).Select(at => new TransformerBlock<float>(parameters.In($"sight{at}"), features, 4))];
        _words = new(parameters.In("words"), words, features);
        _order = new(parameters.In("order"), EasyVqa.Words, features);
        _question = new(parameters.In("question"), features, 4);
        _looks = [.. Enumerable.Range(0, blocks).Select(at => new TransformerBlock<float>(parameters.In($"look{at}"), features, 4, features))];
        _norm = new(parameters.In("norm"), features);
        _answers = new(parameters.In("answers"), features, answers);
    }

    /// <summary>Scores of answers: questions x answers.</summary>
    /// <param name="tape">The tape.</param>
    /// <param name="set">The data.</param>
    /// <param name="items">Images with up to <see cref="Together"/> numbers of questions each.</param>
    /// <param name="isBlind">Whether the images are left grey.</param>
    public Var<float> Forward(Tape<float> tape, EasyVqa set, IReadOnlyList<(int Image, int[] Questions)> items, bool isBlind = false)
    {
        int count = items.Count, width = EasyVqa.Places * EasyVqa.Width;
        float[] pixels = new float[count * width];
        for (int at = 0; at < count && !isBlind; at++) set.Patches[items[at].Image].CopyTo(pixels, at * width);
        Var<float> image = _places.AddPositions(_patches.Forward(tape.Constant(Tensor.Create(pixels, [count, EasyVqa.Places, EasyVqa.Width]))));
        foreach (TransformerBlock<float> block in _sights) image = block.Forward(image);

        // Few questions differ: each is read once, and its words are handed to every image that it is asked of.
        Dictionary<string, int> numbers = [];
        List<int> texts = [], asked = [], own = [];
        for (int at = 0; at < count; at++)
        {
            for (int q = 0; q < Together; q++)
            {
                int[] words = set.Questions[items[at].Questions[Math.Min(q, items[at].Questions.Length - 1)]];
                string key = string.Join(' ', words);
                if (!numbers.TryGetValue(key, out int number))
                {
                    numbers[key] = number = numbers.Count;
                    texts.AddRange(words);
                }

                asked.AddRange(Enumerable.Range(number * EasyVqa.Words, EasyVqa.Words));
                if (q < items[at].Questions.Length) own.Add((at * Together) + q);
            }
        }

        Var<float> read = _question.Forward(_order.AddPositions(_words.Forward(tape, [.. texts]).Reshape(numbers.Count, EasyVqa.Words, _features)));
        Var<float> tokens = read.Reshape(numbers.Count * EasyVqa.Words, _features).Gather([.. asked]).Reshape(count, Together * EasyVqa.Words, _features);
        foreach (TransformerBlock<float> block in _looks) tokens = block.Forward(tokens, image);
        Var<float> pooled = tokens.Reshape(count * Together, EasyVqa.Words, _features).Mean(1);
        return _answers.Forward(_norm.Forward(pooled.Gather([.. own])));
    }
}
