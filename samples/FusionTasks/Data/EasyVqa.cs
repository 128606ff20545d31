using System.IO.Compression;
using System.Text.Json;

namespace FusionTasks.Data;

/// <summary>Questions about images of one coloured shape each (easy-VQA, MIT licence), read where they lie in the archive.</summary>
/// <param name="Patches">By image: patches x pixels of a patch, 0 to 1 around a half, row by row.</param>
/// <param name="Questions">By question: its words, padded with 0.</param>
/// <param name="Answers">By question: its answer.</param>
/// <param name="Images">By question: its image.</param>
internal sealed record EasyVqa(float[][] Patches, int[][] Questions, int[] Answers, int[] Images)
{
    /// <summary>Pixels of a patch's side.</summary>
    public const int Side = 8;

    /// <summary>Patches of an image of 64 x 64.</summary>
    public const int Places = 64;

    /// <summary>Values of a patch.</summary>
    public const int Width = Side * Side * 3;

    /// <summary>Words of the longest question.</summary>
    public const int Words = 9;

    /// <summary>Reads a part, train or test, and numbers words and answers by those of the training part.</summary>
    public static EasyVqa Read(TaskOptions options, string part, Dictionary<string, int> words, Dictionary<string, int> answers)
    {
        using ZipArchive archive = ZipFile.OpenRead(options.Require("easyvqa/easy_vqa_data.zip"));
        bool isTraining = part == "train";
        string root = $"easy_vqa/data/{part}/";
        using Stream json = Entry($"{root}questions.json").Open();
        JsonElement[] rows = [.. JsonDocument.Parse(json).RootElement.EnumerateArray()];
        if (options.IsTiny) rows = [.. rows.Where(row => row[2].GetInt32() < 96)];
        int images = rows.Max(row => row[2].GetInt32()) + 1;
        float[][] patches = new float[images][];
        for (int image = 0; image < images; image++)
        {
            using Stream file = Entry($"{root}images/{image}.png").Open();
            patches[image] = PatchesOf(Png.Read(file));
        }

        return new(
            patches, [.. rows.Select(row => WordsOf(row[0].GetString()!, words, isTraining))], [.. rows.Select(row => Number(answers, row[1].GetString()!, isTraining, 0))],
            [.. rows.Select(row => row[2].GetInt32())]);

        ZipArchiveEntry Entry(string name) => archive.GetEntry(name) ?? throw new DataAbsentException($"the archive has no {name}");
    }

    private static int[] WordsOf(string question, Dictionary<string, int> words, bool isTraining)
    {
        string[] parts = question.ToLowerInvariant().Replace("?", "", StringComparison.Ordinal).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return [.. Enumerable.Range(0, Words).Select(at => at < parts.Length ? Number(words, parts[at], isTraining, 1) : 0)];
    }

    /// <summary>The number of a word; an unknown one is as none.</summary>
    private static int Number(Dictionary<string, int> known, string word, bool isTraining, int first)
    {
        if (known.TryGetValue(word, out int number)) return number;
        return isTraining ? known[word] = known.Count + first : 0;
    }

    private static float[] PatchesOf((byte[] Pixels, int Height, int Width) image)
    {
        if ((image.Height, image.Width) != (64, 64)) throw new InvalidDataException($"an image of {image.Width} x {image.Height}; 64 x 64 are expected");
        float[] patches = new float[Places * Width];
        for (int y = 0; y < 64; y++)
        {
            for (int x = 0; x < 64; x++)
            {
                int place = (y / Side * 8) + (x / Side), within = ((y % Side * Side) + (x % Side)) * 3;
                for (int c = 0; c < 3; c++) patches[(place * Width) + within + c] = (image.Pixels[(((y * 64) + x) * 3) + c] / 255f) - 0.5f;
            }
        }

        return patches;
    }
}
