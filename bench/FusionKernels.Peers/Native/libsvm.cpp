// Machines on a ready Gram matrix by libsvm, behind a few functions over plain arrays.
// bench/peers.sh compiles it with the sources that LIBSVM_SOURCE names.
#include "svm.h"
#include <cstddef>
#include <vector>

namespace
{
struct Machines
{
    std::vector<std::vector<svm_node>> rows;
    std::vector<svm_node *> starts;
    std::vector<double> labels;
    svm_model *model = nullptr;
};

void silence(const char *)
{
}
} // namespace

extern "C"
{
/// Takes a row-major Gram matrix as libsvm wants it: each row with its serial number, from 1, in front.
void *peer_svm_prepare(const double *gram, int rows, const int *labels)
{
    svm_set_print_string_function(silence);
    Machines *machines = new Machines;
    machines->rows.resize(rows);
    for (int i = 0; i < rows; i++)
    {
        std::vector<svm_node> &row = machines->rows[i];
        row.reserve(rows + 2);
        row.push_back({0, i + 1.0});
        for (int j = 0; j < rows; j++) row.push_back({j + 1, gram[(std::size_t)i * rows + j]});
        row.push_back({-1, 0});
        machines->starts.push_back(row.data());
        machines->labels.push_back(labels[i]);
    }
    return machines;
}

void peer_svm_train(void *handle, double cost, double tolerance)
{
    Machines *machines = static_cast<Machines *>(handle);
    if (machines->model) svm_free_and_destroy_model(&machines->model);
    svm_problem problem{(int)machines->starts.size(), machines->labels.data(), machines->starts.data()};
    svm_parameter parameter{};
    parameter.svm_type = C_SVC;
    parameter.kernel_type = PRECOMPUTED;
    parameter.cache_size = 1024;
    parameter.eps = tolerance;
    parameter.C = cost;
    parameter.shrinking = 1;
    machines->model = svm_train(&problem, &parameter);
}

/// The decisions of all pairs' machines for a training row.
void peer_svm_decide(void *handle, int row, double *decisions)
{
    Machines *machines = static_cast<Machines *>(handle);
    svm_predict_values(machines->model, machines->starts[row], decisions);
}

void peer_svm_free(void *handle)
{
    Machines *machines = static_cast<Machines *>(handle);
    if (machines->model) svm_free_and_destroy_model(&machines->model);
    delete machines;
}
}
